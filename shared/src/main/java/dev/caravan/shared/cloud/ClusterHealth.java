package dev.caravan.shared.cloud;

/**
 * What the cloud says of a cluster's services (Yandex Data Proc {@code Health}); RUNNING without
 * ALIVE isn't ready.
 */
public enum ClusterHealth {
  UNKNOWN,
  ALIVE,
  DEAD,
  DEGRADED
}
