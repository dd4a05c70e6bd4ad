/**
 * The chaos suite: real processes of the shipped jars against a local cloud, killed and cut off at
 * counted messages; then their promises are checked from outside. Start at {@link
 * dev.caravan.cloud.chaos.Chaos}.
 */
package dev.caravan.cloud.chaos;
