/**
 * YARN's ResourceManager over its REST API: applications by tag, their end, how many nodes there
 * are.
 *
 * <p>Only called from background threads; no poll ever waits for YARN.
 */
package dev.caravan.endpoint.yarn;
