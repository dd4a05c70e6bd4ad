/**
 * Who did what, when: one JSON line per event in a file that only grows.
 *
 * <p>The HTTP side writes; people read. Secrets never stand in it.
 */
package dev.caravan.endpoint.audit;
