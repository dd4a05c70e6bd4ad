package dev.caravan.shared.cloud;

/**
 * What the cloud says a cluster is doing (Yandex Data Proc {@code Cluster.Status}); values it may
 * add later read as UNKNOWN.
 */
public enum ClusterStatus {
  UNKNOWN,
  CREATING,
  RUNNING,
  ERROR,
  STOPPING,
  STOPPED,
  STARTING
}
