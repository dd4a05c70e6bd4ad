package dev.caravan.routes.cli;

import dev.caravan.routes.operations.AttemptView;
import dev.caravan.routes.operations.FoundOutput;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.OutputView;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Runs as a person reads them: their jobs, and what these left. */
public final class RunTable {
  private static final List<String> HEAD =
      List.of("job", "state", "seconds", "rows", "bytes", "address");

  private RunTable() {}

  /**
   * The run's line, its table, and the addresses of its logs.
   *
   * @param withFailure whether it says what failed the run
   */
  public static String of(RunDetail detail, boolean withFailure, Terminal terminal) {
    return line(detail.run(), withFailure, terminal) + "\n\n" + jobs(detail, terminal);
  }

  /** The run's line, without its end. */
  static String line(RunView run, boolean withFailure, Terminal terminal) {
    return "run "
        + run.id()
        + ": "
        + painting(terminal).apply(run.state().name())
        + run.failure().filter(failure -> withFailure).map(failure -> ": " + failure).orElse("");
  }

  /** The table, and the addresses of the logs. */
  static String jobs(RunDetail detail, Terminal terminal) {
    List<List<String>> rows = detail.jobs().stream().flatMap(job -> rows(job).stream()).toList();
    return table(rows, terminal) + logs(detail.jobs());
  }

  private static UnaryOperator<String> painting(Terminal terminal) {
    return terminal.colours() ? Colours::paint : UnaryOperator.identity();
  }

  /**
   * An address is long and must stay whole: the addresses follow a table that has no room for them.
   */
  private static String table(List<List<String>> rows, Terminal terminal) {
    TextTable whole = new TextTable(HEAD, rows);
    if (whole.fits(terminal.columns())) {
      return whole.text(terminal.columns(), painting(terminal));
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
    return narrow.text(terminal.columns(), painting(terminal))
        + (addresses.isEmpty() ? "" : "\n" + addresses);
  }

  /** One for each output of a job, or one if it left none. */
  private static List<List<String>> rows(JobView job) {
    String state = job.state().map(Enum::name).orElse("NOT RUN");
    String time =
        job.lastAttempt()
            .flatMap(
                attempt ->
                    attempt
                        .endedAt()
                        .map(end -> seconds(Duration.between(attempt.submittedAt(), end))))
            .orElse("-");
    List<List<String>> rows = new ArrayList<>();
    for (OutputView output : job.outputs()) {
      output.found().ifPresent(found -> rows.add(row(job.name(), state, time, found, output.at())));
    }
    return rows.isEmpty() ? List.of(List.of(job.name(), state, time, "-", "-", "-")) : rows;
  }

  private static List<String> row(
      String job, String state, String time, FoundOutput found, String address) {
    return List.of(
        job, state, time, number(found.rows()), number(Optional.of(found.bytes())), address);
  }

  /** Where the logs are, which outlive the cluster; nothing if none is shipped. */
  private static String logs(List<JobView> jobs) {
    String lines =
        jobs.stream()
            .flatMap(
                job ->
                    job.lastAttempt().flatMap(AttemptView::logAddress).stream()
                        .map(address -> "log of " + job.name() + ": " + address + "\n"))
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : "\n" + lines;
  }

  private static String number(Optional<Long> value) {
    return value.map(number -> String.format(Locale.ROOT, "%,d", number)).orElse("-");
  }

  /** With one digit of a second's fraction. */
  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }
}
