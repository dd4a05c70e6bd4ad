/**
 * Whether the endpoint is ready: looked at in the background, answered from memory.
 *
 * <p>Asked by the HTTP side only.
 */
package dev.caravan.endpoint.health;
