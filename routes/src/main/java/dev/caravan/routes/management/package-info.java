/**
 * What monitoring asks the server, on a port of its own: figures and health. Nothing of it is
 * loaded unless that port is set.
 */
package dev.caravan.routes.management;
