/**
 * What can be asked and done, each once, for the API, the command line and the page: an interface
 * with plain records, and its implementation over settings and journal. No Camel route is needed.
 */
package dev.caravan.routes.operations;
