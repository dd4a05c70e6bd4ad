package dev.caravan.endpoint.lease;

import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.yandex.YandexClusters;
import dev.caravan.shared.yandex.YandexSettings;
import java.time.Clock;

/**
 * The cluster at Yandex Data Proc, asked for as the service account of this virtual machine. The
 * channel is opened when a stop is due, and not before.
 */
final class YandexOwnCluster implements OwnCluster {
  private final String clusterId;
  private final YandexSettings settings;
  private final Clock clock;
  private Clusters clusters;

  YandexOwnCluster(String clusterId, YandexSettings settings, Clock clock) {
    this.settings = settings;
    this.clusterId = clusterId;
    this.clock = clock;
  }

  @Override
  public synchronized void stop() {
    if (clusters == null) {
      clusters = YandexClusters.connect(settings, clock);
    }
    ClusterStatus status = clusters.look(clusterId).status();
    if (status != ClusterStatus.STOPPING && status != ClusterStatus.STOPPED) {
      clusters.stop(clusterId);
    }
  }

  @Override
  public synchronized void close() {
    if (clusters != null) {
      clusters.close();
    }
  }
}
