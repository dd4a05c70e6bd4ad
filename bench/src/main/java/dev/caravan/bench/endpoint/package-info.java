/**
 * {@code caravan bench endpoint}: our endpoint and a stock Livy, each as the process that a user
 * starts, measured in turn. One class per row of the table of goals. It knows local-cloud, which
 * starts processes for it, and no class of the endpoint.
 */
package dev.caravan.bench.endpoint;
