package dev.caravan.processors.steps;

import dev.caravan.processors.EndpointConfig;
import dev.caravan.shared.cloud.Clusters;
import java.net.URI;
import java.util.Optional;

/** Where the endpoint of a cluster is: as it is set, or else on the master that the cloud names. */
public record MasterEndpoint(Clusters clusters, String clusterId, EndpointConfig config) {

  /** That of another cluster: its endpoint listens as this one's does, on its own master. */
  MasterEndpoint of(String otherId) {
    return otherId.equals(clusterId)
        ? this
        : new MasterEndpoint(clusters, otherId, config.onMaster());
  }

  /** Empty while the cloud names no master; its failures are those of {@link Clusters}. */
  public Optional<URI> find() {
    return config.host().or(() -> clusters.masterHost(clusterId)).map(config::at);
  }
}
