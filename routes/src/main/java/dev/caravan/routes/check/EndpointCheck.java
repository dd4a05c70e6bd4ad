package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.EndpointIdentity;
import dev.caravan.processors.batches.Health;
import dev.caravan.shared.batches.HostFile;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the endpoint of a cluster that runs, and asks it for the jobs; submits nothing.
 *
 * @param cluster the cluster's name in the settings
 * @param version ours; empty if it isn't known
 */
record EndpointCheck(
    String cluster, BatchClient client, URI place, Optional<String> version, Clock clock) {
  private static final String KEY = "caravan.cluster.%s.endpoint.%s";

  List<Finding> look(List<CheckedJob> jobs) {
    List<Finding> findings = new ArrayList<>();
    Health health = client.health(place);
    findings.add(
        health.ready()
            ? Finding.ok(Finding.Group.ENDPOINT, cluster, place + " takes batches.")
            : Finding.unreachable(
                Finding.Group.ENDPOINT,
                cluster,
                KEY.formatted(cluster, "host"),
                "%s takes no batches: %s".formatted(place, health.reason().orElse(""))));
    Instant asked = clock.instant();
    EndpointIdentity identity = client.identify(place);
    identity
        .date()
        .ifPresent(
            date ->
                findings.add(ClockSkew.of("endpoint of " + cluster, asked, clock.instant(), date)));
    if (identity.version().isEmpty()) {
      findings.add(
          Finding.ok(
              Finding.Group.ENDPOINT,
              cluster,
              "It is not Caravan's: without idempotency keys and lease, see docs/stock-livy.md."));
      jobs.forEach(job -> findings.addAll(unseen(job)));
      return findings;
    }
    findings.add(version(identity.version().get()));
    Finding rights = rights();
    findings.add(rights);
    boolean asks = rights.result() == Finding.Result.OK;
    jobs.forEach(job -> findings.addAll(asks ? job(job) : unseen(job)));
    return findings;
  }

  /** That the job's files which only the cluster can see were not looked at. */
  static List<Finding> unseen(CheckedJob job) {
    return job.filesOnCluster().map(named -> unseen(job, named.file())).toList();
  }

  private static Finding unseen(CheckedJob job, String file) {
    return Finding.skipped(
        Finding.Group.JOBS, job.subject(), file + " can only be seen on the cluster.");
  }

  /** Whether the endpoint would take the job, and whether what should be on the master is there. */
  private List<Finding> job(CheckedJob job) {
    Optional<List<String>> answer;
    try {
      answer = client.validate(place, job.request());
    } catch (RuntimeException e) {
      return List.of(Finding.failed(Finding.Group.JOBS, job.subject(), job.key(""), e));
    }
    if (answer.isEmpty()) {
      return unseen(job);
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(Finding.Group.JOBS, job.subject(), "The endpoint would take it."));
    job.filesOnCluster().map(named -> file(job, named, answer.get())).forEach(findings::add);
    return findings;
  }

  private static Finding file(CheckedJob job, CheckedJob.Named named, List<String> missing) {
    String file = named.file();
    if (missing.contains(file)) {
      return Finding.fault(
          Finding.Group.JOBS,
          job.subject(),
          job.key("." + named.key()),
          "%s can't be read on the master: put it there, or correct the path.".formatted(file));
    }
    return HostFile.of(file).isPresent()
        ? Finding.ok(Finding.Group.JOBS, job.subject(), file + " is on the master.")
        : unseen(job, file);
  }

  private Finding version(String theirs) {
    return version.isEmpty() || version.get().equals(theirs)
        ? Finding.ok(Finding.Group.ENDPOINT, cluster, "Its version is " + theirs + ".")
        : Finding.warning(
            Finding.Group.ENDPOINT,
            cluster,
            "the endpoint's installation on the master",
            "Its version is %s, but Caravan's is %s: install the same."
                .formatted(theirs, version.get()));
  }

  private Finding rights() {
    String lease =
        client
            .lease(place)
            .map(
                found ->
                    found.lapsed() ? "; no session holds its lease" : "; a session holds its lease")
            .orElse("");
    return client.mayOperate(place)
        ? Finding.ok(
            Finding.Group.ENDPOINT,
            cluster,
            "Its credentials may submit batches and renew the lease" + lease + ".")
        : Finding.fault(
            Finding.Group.ENDPOINT,
            cluster,
            KEY.formatted(cluster, "credentials-file"),
            "Its credentials may only read: give them the right 'submit' in the endpoint's own file of credentials.");
  }
}
