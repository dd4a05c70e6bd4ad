package dev.caravan.routes;

import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs as a person reads them: their jobs, what these left, and the time of the cluster. */
final class RunTable {
  private static final List<String> HEAD =
      List.of("job", "state", "seconds", "rows", "bytes", "address");

  private RunTable() {}

  /** As wide as this process's terminal at most. */
  static String of(Journal journal, Run run, List<String> jobNames) {
    return of(journal, run, jobNames, true);
  }

  /**
   * As wide as this process's terminal at most.
   *
   * @param withFailure whether it says what failed the run
   */
  static String of(Journal journal, Run run, List<String> jobNames, boolean withFailure) {
    return of(journal, run, jobNames, withFailure, Terminal.ofProcess().columns());
  }

  static String of(
      Journal journal, Run run, List<String> jobNames, boolean withFailure, int columns) {
    StringBuilder text = new StringBuilder();
    text.append("run ").append(run.id()).append(": ").append(run.state());
    run.failure()
        .filter(failure -> withFailure)
        .ifPresent(failure -> text.append(": ").append(failure));
    text.append("\n\n");
    text.append(jobs(rows(journal, run, jobNames), columns));
    text.append(logs(journal.jobs().latest(run)));
    return text.toString();
  }

  /**
   * How long the cluster was in which status, as lines to follow the run's table. Runs of one
   * session share its time: it is told once, with the last of them.
   *
   * @param shown all runs that are shown, in their order
   * @return empty if nothing was seen of the cluster, or if a later run tells it
   */
  static String clusterSeconds(Journal journal, Run run, List<Run> shown) {
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
            .map(entry -> entry.getKey() + " " + seconds(entry.getValue()))
            .collect(Collectors.joining(", "))
        + "\n";
  }

  private static Stream<Long> sessions(Journal journal, Run run) {
    return journal.statuses().of(run).stream().map(ClusterStatusInterval::sessionId);
  }

  /**
   * An address is long and must stay whole: the addresses follow a table that has no room for them.
   */
  private static String jobs(List<List<String>> rows, int columns) {
    TextTable whole = new TextTable(HEAD, rows);
    if (whole.fits(columns)) {
      return whole.text(columns);
    }
    int address = HEAD.size() - 1;
    TextTable narrow =
        new TextTable(
            HEAD.subList(0, address), rows.stream().map(row -> row.subList(0, address)).toList());
    String addresses =
        rows.stream()
            .filter(row -> !row.get(address).equals("-"))
            .map(row -> "output of " + row.get(0) + ": " + row.get(address) + "\n")
            .collect(Collectors.joining());
    return narrow.text(columns) + (addresses.isEmpty() ? "" : "\n" + addresses);
  }

  /** One for each output of a job, or one if it left none. */
  private static List<List<String>> rows(Journal journal, Run run, List<String> jobNames) {
    List<JobRun> jobs = journal.jobs().latest(run);
    List<JobOutput> outputs = journal.jobs().outputs(run);
    List<List<String>> rows = new ArrayList<>();
    for (String name : jobNames) {
      Optional<JobRun> job =
          jobs.stream().filter(candidate -> candidate.job().equals(name)).findFirst();
      List<JobOutput> own =
          outputs.stream()
              .filter(each -> each.job().equals(name))
              .filter(each -> job.filter(last -> last.attempt() == each.attempt()).isPresent())
              .toList();
      String state = job.map(known -> known.state().name()).orElse("NOT RUN");
      String time =
          job.flatMap(
                  known ->
                      known
                          .endedAt()
                          .map(end -> seconds(Duration.between(known.submittedAt(), end))))
              .orElse("-");
      if (own.isEmpty()) {
        rows.add(List.of(name, state, time, "-", "-", "-"));
      }
      own.forEach(
          output ->
              rows.add(
                  List.of(
                      name,
                      state,
                      time,
                      number(output.rowCount()),
                      number(Optional.of(output.bytes())),
                      output.location())));
    }
    return rows;
  }

  /** Where the logs are, which outlive the cluster; nothing if none is shipped. */
  private static String logs(List<JobRun> jobs) {
    String lines =
        jobs.stream()
            .flatMap(
                job ->
                    job.logAddress().stream()
                        .map(address -> "log of " + job.job() + ": " + address + "\n"))
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : "\n" + lines;
  }

  private static String number(Optional<Long> value) {
    return value.map(number -> String.format(Locale.ROOT, "%,d", number)).orElse("-");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }
}
