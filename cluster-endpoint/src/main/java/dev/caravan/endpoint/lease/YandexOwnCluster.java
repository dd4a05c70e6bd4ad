package dev.caravan.endpoint.lease;

import dev.caravan.endpoint.settings.LeaseSettings;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.yandex.YandexClusters;
import dev.caravan.processors.yandex.YandexConfig;
import dev.caravan.processors.yandex.YandexCredentials;
import java.time.Clock;
import java.time.Duration;

/**
 * The cluster at Yandex Data Proc, asked for as the service account of this virtual machine. The
 * channel is opened when a stop is due, and not before.
 */
final class YandexOwnCluster implements OwnCluster {
  private static final Duration CALL = Duration.ofSeconds(15);

  private final String clusterId;
  private final YandexConfig config;
  private final Clock clock;
  private Clusters clusters;

  YandexOwnCluster(String clusterId, LeaseSettings settings, Clock clock) {
    this.clusterId = clusterId;
    this.clock = clock;
    this.config =
        new YandexConfig(
            settings.dataproc(),
            settings.dataproc(),
            settings.dataproc(),
            settings.caFile(),
            new YandexCredentials.Metadata(settings.metadata()),
            CALL);
  }

  @Override
  public synchronized void stop() {
    if (clusters == null) {
      clusters = YandexClusters.connect(config, clock);
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
