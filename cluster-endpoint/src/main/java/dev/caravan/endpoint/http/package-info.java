/**
 * The HTTP side: who may come in, and the beans that the YAML routes call. Beans answer with an
 * {@code Response} and never let an Error out.
 */
package dev.caravan.endpoint.http;
