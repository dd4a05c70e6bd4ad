/** What the use of the clusters costs, at the prices of the settings: an estimate, not a bill. */
package dev.caravan.processors.cost;
