package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.steps.MasterEndpoint;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.yandex.YandexClusters;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a cluster by the cloud, and at its endpoint if it runs; never starts one.
 *
 * @param batches the client of its endpoint
 * @param jobs those that run on it
 * @param version ours; empty if it isn't known
 */
record ClusterCheck(
    NamedCluster cluster,
    YandexClusters clusters,
    BatchClient batches,
    List<CheckedJob> jobs,
    Optional<String> version,
    Clock clock) {
  private static final Pattern NAMED =
      Pattern.compile("caravan\\.cluster\\.NAME\\.(endpoint\\.[a-z-]+)");

  private String key(String end) {
    return "caravan.cluster." + cluster.name() + "." + end;
  }

  /** The setting that a message of the client names, or else the endpoint's place. */
  private String keyIn(String message) {
    Matcher named = NAMED.matcher(String.valueOf(message));
    return key(named.find() ? named.group(1) : "endpoint.host");
  }

  String idKey() {
    return key("id");
  }

  List<Finding> look() {
    try {
      // Before the look, whose deadline it would use up.
      clusters.requireToken();
    } catch (FatalException | RetryableException e) {
      return unseen(
          Finding.skipped(
              Finding.Group.CLOUD, cluster.name(), "The credentials get no token, see above."));
    }
    Cluster seen;
    try {
      seen = clusters.look(cluster.config().id());
    } catch (RetryableException e) {
      // Not for a wrong id, which the cloud would say.
      return unseen(
          Finding.unreachable(
              Finding.Group.CLOUD, cluster.name(), "caravan.yandex.dataproc", e.getMessage()));
    }
    List<Finding> findings = new ArrayList<>(List.of(status(seen)));
    findings.addAll(
        seen.status() == ClusterStatus.RUNNING
            ? endpoint()
            : unseen(
                Finding.skipped(
                    Finding.Group.ENDPOINT,
                    cluster.name(),
                    "It is only there while the cluster runs, which is " + seen.status() + ".")));
    return findings;
  }

  /** What was found, and that the files which only the cluster can see were not looked at. */
  private List<Finding> unseen(Finding found) {
    List<Finding> findings = new ArrayList<>(List.of(found));
    jobs.forEach(job -> findings.addAll(EndpointCheck.unseen(job)));
    return findings;
  }

  private Finding status(Cluster seen) {
    String sentence = "Cluster %s is %s".formatted(seen.id(), seen.status());
    if (seen.status() == ClusterStatus.ERROR) {
      return Finding.fault(
          Finding.Group.CLOUD,
          cluster.name(),
          idKey(),
          sentence + ": look at its operations in the console; it can't be started like this.");
    }
    if (seen.status() == ClusterStatus.RUNNING && seen.health() != ClusterHealth.ALIVE) {
      return Finding.warning(
          Finding.Group.CLOUD,
          cluster.name(),
          idKey(),
          "%s, but its health is %s: runs wait until it is ALIVE."
              .formatted(sentence, seen.health()));
    }
    return Finding.ok(
        Finding.Group.CLOUD,
        cluster.name(),
        sentence + "; whether the account may start and stop it shows at the first start.");
  }

  private List<Finding> endpoint() {
    try {
      Optional<URI> place =
          new MasterEndpoint(clusters, cluster.config().id(), cluster.endpoint()).find();
      return place
          .map(
              found -> new EndpointCheck(cluster.name(), batches, found, version, clock).look(jobs))
          .orElseGet(
              () ->
                  unseen(
                      Finding.unreachable(
                          Finding.Group.ENDPOINT,
                          cluster.name(),
                          key("endpoint.host"),
                          "The cloud names no master of the cluster yet.")));
    } catch (RuntimeException e) {
      return unseen(
          Finding.failed(Finding.Group.ENDPOINT, cluster.name(), keyIn(e.getMessage()), e));
    }
  }
}
