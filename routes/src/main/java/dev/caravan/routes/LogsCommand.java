package dev.caravan.routes;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.logs.ShippedLog;
import dev.caravan.processors.logs.ShippedLogs;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.settings.LogSettings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.LogPage;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints the logs of a run's jobs from S3, where the endpoint ships them: the cluster need not
 * exist any more.
 */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the logs of a run's jobs, as the cluster endpoint shipped them to S3.",
      "The lines are framed and numbered as at the endpoint: first stdout, then stderr, then the endpoint's notes."
    })
final class LogsCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private PipelineOption pipeline = new PipelineOption();

  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD",
      description = "the run's logical date (default: the schedule's, as of now)")
  private Optional<LocalDate> date = Optional.empty();

  @Option(names = "--job", paramLabel = "JOB", description = "one job (default: all of the run)")
  private Optional<String> job = Optional.empty();

  @Option(names = "--attempt", paramLabel = "N", description = "an attempt (default: the last)")
  private Optional<Integer> attempt = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "-1",
      description = "first line, counted from 0 (default: -1, the last lines)")
  private int from = -1;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "100",
      description = "how many lines; -1 for all (default: ${DEFAULT-VALUE})")
  private int size = 100;

  @Option(
      names = "--address",
      paramLabel = "s3://...",
      description = "the log at this address, without the journal")
  private Optional<S3Location> address = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LogSettings settings = options.readForLogs();
    Map<String, S3Location> addresses =
        address.map(one -> Map.of("batch", one)).orElseGet(() -> fromJournal(settings));
    try (CamelContext camel = new DefaultCamelContext()) {
      S3Component.configure(camel, settings.s3());
      camel.start();
      ShippedLogs logs = new ShippedLogs(camel);
      for (Map.Entry<String, S3Location> each : addresses.entrySet()) {
        if (addresses.size() > 1) {
          out().println("== " + each.getKey() + ", " + each.getValue());
        }
        print(each.getValue(), logs);
      }
    }
    return ExitCodes.OK;
  }

  private Map<String, S3Location> fromJournal(LogSettings settings) {
    String name =
        date.isPresent() && pipeline.name().isPresent()
            ? pipeline.name().get()
            : chosen(settings).name();
    LocalDate day = date.orElseGet(() -> chosen(settings).dateAt(Clock.systemUTC().instant()));
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      Run run =
          attempt
              .map(number -> journal.runs().attempt(name, day, number))
              .orElseGet(() -> journal.runs().last(name, day))
              .orElseThrow(
                  () ->
                      new FatalException(
                          "The journal has no run of "
                              + name
                              + " for "
                              + day
                              + attempt.map(number -> ", attempt " + number).orElse("")
                              + "."));
      return addresses(run, journal.jobs().latest(run));
    }
  }

  private Pipeline chosen(LogSettings settings) {
    return pipeline.choose(settings.pipelines().get());
  }

  private Map<String, S3Location> addresses(Run run, List<JobRun> jobs) {
    Map<String, S3Location> found = new LinkedHashMap<>();
    for (JobRun each : jobs) {
      if (job.isEmpty() || job.get().equals(each.job())) {
        each.logAddress().ifPresent(known -> found.put(each.job(), S3Location.of(known)));
      }
    }
    if (found.isEmpty()) {
      boolean submitted =
          jobs.stream().anyMatch(each -> job.isEmpty() || job.get().equals(each.job()));
      throw new FatalException(
          submitted
              ? "No log address is known for run "
                  + run.id()
                  + job.map(name -> ", job " + name).orElse("")
                  + ": its endpoint ships no logs (endpoint.logs-to), or it never accepted the batch."
              : "In run " + run.id() + " no job " + job.orElse("") + " was submitted.");
    }
    return found;
  }

  private void print(S3Location place, ShippedLogs logs) {
    ShippedLog log =
        logs.find(place)
            .orElseThrow(
                () ->
                    new FatalException(
                        "There is no log at "
                            + place
                            + ": it was deleted, or the cluster ended before anything was shipped."));
    if (!log.manifest().complete()) {
      spec.commandLine()
          .getErr()
          .println(
              "caravan: this log is not complete: when it was last shipped, its batch was "
                  + log.manifest().state()
                  + ".");
    }
    LogPage page = log.page(from, size);
    int printed = print(page);
    while (!page.lines().isEmpty() && page.from() + page.lines().size() < page.total()) {
      if (size >= 0 && printed >= size) {
        return;
      }
      // A page of very long lines ends early.
      page = log.page(page.from() + page.lines().size(), size < 0 ? -1 : size - printed);
      printed += print(page);
    }
  }

  private int print(LogPage page) {
    page.lines().forEach(out()::println);
    out().flush();
    return page.lines().size();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
