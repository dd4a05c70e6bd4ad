package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Lease;
import dev.caravan.processors.journal.Journal;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of others on a cluster, who would lose it by our stop: batches at its endpoint that this
 * journal doesn't know (another orchestrator's, or a person's), and YARN applications that belong
 * to no batch. Every stopper asks here. What can't be learnt doesn't keep a cluster running.
 */
public final class ForeignWork {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignWork.class);
  private static final int MOST_TRIES = 3;
  private static final int MOST_NAMED = 5;
  private static final int LONGEST_NAME = 100;

  private final Journal journal;
  private final BatchClient batches;
  private final MasterEndpoint master;
  private final Supplier<List<String>> pipelines;
  private final boolean respected;

  /**
   * @param pipelines the names of those whose batches are ours where the journal can't be asked
   */
  public ForeignWork(
      Journal journal,
      BatchClient batches,
      MasterEndpoint master,
      Supplier<List<String>> pipelines,
      ClusterConfig.StopPolicy stopPolicy) {
    this.journal = journal;
    this.batches = batches;
    this.master = master;
    this.pipelines = pipelines;
    this.respected = stopPolicy == ClusterConfig.StopPolicy.OURS;
  }

  /**
   * What a running cluster is to be left running for, in words; empty if nothing foreign runs, or
   * if that can't be learnt, or if the cluster is stopped whatever runs there.
   *
   * @param endpoint if it is known; else it is looked for on the cluster's master
   * @param hurried whether there is no time for more than one try
   */
  public Optional<String> find(String clusterId, Optional<URI> endpoint, boolean hurried) {
    Optional<String> found = learn(clusterId, endpoint, hurried ? 1 : MOST_TRIES);
    if (found.isPresent() && !respected) {
      LOG.warn(
          "Cluster {} is stopped although {} (caravan.cluster.NAME.stop-policy=always)",
          clusterId,
          found.get());
      return Optional.empty();
    }
    return found;
  }

  private Optional<String> learn(String clusterId, Optional<URI> endpoint, int tries) {
    for (int left = tries - 1; ; left--) {
      try {
        return endpoint.or(() -> master.of(clusterId).find()).flatMap(this::words);
      } catch (RetryableException | FatalException e) {
        if (left == 0 || e instanceof FatalException) {
          LOG.warn(
              "Whether others work on cluster {} could not be learnt: {}",
              clusterId,
              e.getMessage());
          return Optional.empty();
        }
      }
    }
  }

  private Optional<String> words(URI endpoint) {
    List<String> applications =
        batches.lease(endpoint).map(Lease::foreignApplications).orElse(List.of());
    if (!applications.isEmpty()) {
      return Optional.of("others work on it: YARN runs " + some(applications));
    }
    List<String> foreign =
        batches.unfinished(endpoint).stream()
            .filter(batch -> !isOurs(batch))
            .map(ForeignWork::name)
            .toList();
    return foreign.isEmpty()
        ? Optional.empty()
        : Optional.of("others work on it: its endpoint runs " + some(foreign));
  }

  private boolean isOurs(Batch batch) {
    String name = batch.name().orElse("");
    try {
      return journal.jobs().isOurs(name, batch.id());
    } catch (RuntimeException e) {
      LOG.warn("The journal can't be read, batches are told by their names: {}", e.getMessage());
      return pipelines.get().stream().anyMatch(pipeline -> name.startsWith(pipeline + "/"));
    }
  }

  private static String name(Batch batch) {
    return "batch %d (%s, of %s)"
        .formatted(
            batch.id(),
            batch.name().map(ForeignWork::oneLine).orElse("without a name"),
            Optional.ofNullable(batch.further().get("owner"))
                .map(ForeignWork::oneLine)
                .orElse("an unknown user"));
  }

  /** Names are what strangers chose. */
  private static String oneLine(String name) {
    String line = name.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "...";
  }

  private static String some(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
