package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.batches.BatchClient;

/**
 * A cluster of the settings with what its steps talk to.
 *
 * @param name what pipelines call it
 * @param batches the client of its endpoint
 * @param foreignWork the work of others on it
 */
public record ConfiguredCluster(
    String name,
    ClusterConfig config,
    MasterEndpoint master,
    BatchClient batches,
    ForeignWork foreignWork) {

  /** What the cloud calls it. */
  public String id() {
    return config.id();
  }
}
