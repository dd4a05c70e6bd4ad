/**
 * What a browser sees of the endpoint; the templates in {@code src/main/jte} become classes here.
 */
package dev.caravan.endpoint.page;
