package dev.caravan.processors;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Lease;
import dev.caravan.processors.cloud.ClusterStatus;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether others work on the cluster: YARN applications that belong to no batch. Their owners would
 * lose their work by our stop. What can't be learnt doesn't keep a cluster running.
 */
public final class OtherWork {
  private static final Logger LOG = LoggerFactory.getLogger(OtherWork.class);

  private final BatchClient batches;
  private final MasterEndpoint master;
  private final boolean respected;

  public OtherWork(
      BatchClient batches, MasterEndpoint master, ClusterConfig.StopPolicy stopPolicy) {
    this.batches = batches;
    this.master = master;
    this.respected = stopPolicy == ClusterConfig.StopPolicy.OURS;
  }

  /**
   * What runs there, in words; empty if nothing does, or if it can't be learnt, or isn't respected.
   *
   * @param endpoint if it is known; else it is looked for, if the cluster runs
   */
  Optional<String> find(Optional<URI> endpoint) {
    if (!respected) {
      return Optional.empty();
    }
    try {
      return endpoint
          .or(this::findEndpoint)
          .flatMap(batches::lease)
          .map(Lease::foreignApplications)
          .filter(applications -> !applications.isEmpty())
          .map(applications -> "others work on it: YARN runs " + String.join(", ", applications));
    } catch (RetryableException | FatalException e) {
      LOG.warn("Whether others work on the cluster could not be learnt: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<URI> findEndpoint() {
    return master.clusters().look(master.clusterId()).status() == ClusterStatus.RUNNING
        ? master.find()
        : Optional.empty();
  }
}
