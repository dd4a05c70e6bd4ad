package dev.caravan.shared.cloud;

/** One look at a cluster. */
public record Cluster(String id, ClusterStatus status, ClusterHealth health) {

  public boolean isReady() {
    return status == ClusterStatus.RUNNING && health == ClusterHealth.ALIVE;
  }
}
