/**
 * What the orchestrator and the cluster endpoint both need, each concern in a package of its own.
 * Knows neither of them, nor Camel.
 */
package dev.caravan.shared;
