package dev.caravan.cloud.yandex;

import io.grpc.Status;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/** The clusters of the folder, by id. */
final class EmulatedClusters {

  record Entry(EmulatedCluster cluster, ReportedState reported) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  EmulatedClusters(
      Collection<ClusterSettings> settings,
      Operations operations,
      ScheduledExecutorService executor,
      Clock clock) {
    for (ClusterSettings one : settings) {
      EmulatedCluster cluster = new EmulatedCluster(one, operations, executor, clock);
      entries.put(one.id(), new Entry(cluster, new ReportedState(cluster, clock)));
    }
  }

  Entry find(String id) {
    if (id.isEmpty()) {
      throw Status.INVALID_ARGUMENT.withDescription("cluster_id is required").asRuntimeException();
    }
    Entry entry = entries.get(id);
    if (entry == null) {
      throw Status.NOT_FOUND.withDescription("Cluster " + id + " not found").asRuntimeException();
    }
    return entry;
  }

  Entry first() {
    return entries.values().iterator().next();
  }
}
