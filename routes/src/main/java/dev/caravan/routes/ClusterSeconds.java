package dev.caravan.routes;

import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.routes.cli.RunTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The time of the cluster, as lines to follow a run's table. */
final class ClusterSeconds {
  private ClusterSeconds() {}

  /**
   * How long the cluster was in which status. Runs of one session share its time: it is told once,
   * with the last of them.
   *
   * @param shown all runs that are shown, in their order
   * @return empty if nothing was seen of the cluster, or if a later run tells it
   */
  static String of(Journal journal, Run run, List<Run> shown) {
    Set<Long> later =
        shown.stream()
            .skip(shown.indexOf(run) + 1L)
            .flatMap(other -> sessions(journal, other))
            .collect(Collectors.toSet());
    List<ClusterStatusInterval> told =
        journal.statuses().of(run).stream()
            .filter(interval -> !later.contains(interval.sessionId()))
            .toList();
    Map<String, Duration> time = journal.statuses().time(run, told);
    if (time.isEmpty()) {
      return "";
    }
    Set<Long> own = told.stream().map(ClusterStatusInterval::sessionId).collect(Collectors.toSet());
    long sharers =
        shown.stream().filter(other -> sessions(journal, other).anyMatch(own::contains)).count();
    return "\ncluster seconds"
        + (sharers > 1 ? " of these " + sharers + " runs: " : ": ")
        + time.entrySet().stream()
            .map(entry -> entry.getKey() + " " + RunTable.seconds(entry.getValue()))
            .collect(Collectors.joining(", "))
        + "\n";
  }

  private static Stream<Long> sessions(Journal journal, Run run) {
    return journal.statuses().of(run).stream().map(ClusterStatusInterval::sessionId);
  }
}
