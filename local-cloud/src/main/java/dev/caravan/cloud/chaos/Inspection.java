package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.JournalFile.Job;
import dev.caravan.cloud.chaos.JournalFile.Run;
import dev.caravan.cloud.yandex.StatusChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/** Checks the guarantees after a run: compares the journal with the side effects in S3. */
final class Inspection {
  private static final Set<String> DONE = Set.of("SUCCEEDED", "VERIFIED");

  private final List<String> violations = new ArrayList<>();

  /**
   * All violations, one sentence each.
   *
   * @param effects how often each attempt of a job did its work, by {@code job/attempt}
   * @param jobs the pipeline's jobs
   */
  static List<String> of(
      List<Run> runs,
      List<Job> attempts,
      List<JournalFile.Session> sessions,
      List<String> claims,
      Map<String, Integer> effects,
      List<String> jobs) {
    Inspection inspection = new Inspection();
    inspection.runs(runs);
    inspection.jobs(runs, attempts, jobs);
    inspection.effects(attempts, effects);
    for (JournalFile.Session session : sessions) {
      inspection.require(
          session.state().equals("STOPPED"),
          "the journal says that run %s left its cluster %s",
          session.run(),
          session.state());
    }
    inspection.require(claims.isEmpty(), "claims are left: %s", claims);
    return inspection.violations;
  }

  /**
   * How often the cluster began to start; not what the cloud itself failed, for want of capacity: a
   * caller that lost the answer must ask again.
   */
  static long starts(List<StatusChange> timeline) {
    return IntStream.range(0, timeline.size())
        .filter(at -> timeline.get(at).status() == Cluster.Status.STARTING)
        .filter(
            at ->
                at + 1 == timeline.size()
                    || timeline.get(at + 1).status() != Cluster.Status.STOPPED)
        .count();
  }

  /**
   * Each session starts its cluster at most once, and once more for each time that it was stopped
   * under the session, because nobody renewed its lease.
   *
   * @param starts how often the cloud began to start the cluster
   * @param sessions how many sessions of the journal asked for a start
   * @param stopsByLease how often the endpoint stopped its own cluster
   */
  static List<String> ofStarts(long starts, long sessions, long stopsByLease) {
    Inspection inspection = new Inspection();
    inspection.require(
        starts <= sessions + stopsByLease,
        "the cluster was started %d times, in %d sessions of the journal, with %d stops by the lease",
        starts,
        sessions,
        stopsByLease);
    return inspection.violations;
  }

  private void require(boolean holds, String sentence, Object... values) {
    if (!holds) {
      violations.add(sentence.formatted(values));
    }
  }

  private void runs(List<Run> runs) {
    long succeeded = runs.stream().filter(run -> run.state().equals("SUCCEEDED")).count();
    require(succeeded == 1, "%d runs of the date succeeded, in the end: %s", succeeded, runs);
    for (Run run : runs) {
      require(!run.state().equals("RUNNING"), "run %s was never ended", run.id());
      boolean needsReason = run.state().equals("FAILED") || run.state().equals("INTERRUPTED");
      require(
          !needsReason || (run.failure() != null && !run.failure().isBlank()),
          "run %s is %s without a reason",
          run.id(),
          run.state());
    }
  }

  private void jobs(List<Run> runs, List<Job> attempts, List<String> jobs) {
    for (Run run : runs) {
      for (String job : jobs) {
        boolean verified =
            attempts.stream()
                .filter(each -> each.run().equals(run.id()) && each.job().equals(job))
                .reduce((first, second) -> second)
                .filter(last -> last.state().equals("VERIFIED"))
                .isPresent();
        require(
            verified || !run.state().equals("SUCCEEDED"),
            "run %s SUCCEEDED, but its job %s isn't verified",
            run.id(),
            job);
      }
    }
    Map<String, String> keys = new HashMap<>();
    for (Job attempt : attempts) {
      String other = keys.putIfAbsent(attempt.key(), attempt.job() + "/" + attempt.attempt());
      require(
          other == null || other.equals(attempt.job() + "/" + attempt.attempt()),
          "key %s stands for two attempts",
          attempt.key());
      boolean later =
          attempts.stream()
              .anyMatch(
                  each -> each.job().equals(attempt.job()) && each.attempt() > attempt.attempt());
      require(
          !(attempt.state().equals("VERIFIED") && later),
          "job %s was run again after its attempt %d was verified",
          attempt.job(),
          attempt.attempt());
    }
  }

  private void effects(List<Job> attempts, Map<String, Integer> effects) {
    effects.forEach(
        (attempt, times) -> {
          require(times <= 1, "attempt %s did its work %d times", attempt, times);
          require(
              attempts.stream()
                  .anyMatch(each -> (each.job() + "/" + each.attempt()).equals(attempt)),
              "attempt %s did its work and the journal doesn't know it",
              attempt);
        });
    for (Job attempt : attempts) {
      int times = effects.getOrDefault(attempt.job() + "/" + attempt.attempt(), 0);
      require(
          times >= 1 || !DONE.contains(attempt.state()),
          "attempt %d of job %s is %s, but did its work %d times",
          attempt.attempt(),
          attempt.job(),
          attempt.state(),
          times);
    }
  }
}
