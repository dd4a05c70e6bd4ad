/**
 * The camel-main application around the YAML routes: its settings, the beans the routes call by
 * name, and the command line. Start reading at the routes in {@code resources/camel}.
 */
package dev.caravan.routes;
