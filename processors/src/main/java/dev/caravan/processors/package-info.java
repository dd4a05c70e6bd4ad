/**
 * How each thing is done. The steps that the routes call are in {@link
 * dev.caravan.processors.steps}; here is what they share with settings and clients: the settings of
 * jobs and clusters, and the rule by which a cluster is stopped.
 */
package dev.caravan.processors;
