package dev.caravan.routes;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.logs.ShippedLog;
import dev.caravan.processors.logs.ShippedLogs;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.cli.AskedDates;
import dev.caravan.routes.cli.ClientOptions;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.LogPages;
import dev.caravan.routes.cli.LogPrinter;
import dev.caravan.routes.cli.PipelineOption;
import dev.caravan.routes.cli.RemoteLogs;
import dev.caravan.routes.cli.ZoneOption;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.LogView;
import dev.caravan.routes.settings.LogSettings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.settings.SettingsException;
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
 * Prints the logs of a run's jobs: from a server, which reads them on the cluster while a job runs,
 * or without one from S3, where the endpoint ships them: the cluster need not exist any more. Then
 * it needs the settings of journal and S3 alone.
 */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the logs of a run's jobs, as the cluster endpoint shipped them to S3; with a server, also of jobs that run now.",
      "The lines are framed and numbered as at the endpoint: first stdout, then stderr, then the endpoint's notes."
    })
final class LogsCommand implements Callable<Integer> {
  @Mixin private ClientOptions client = new ClientOptions();
  @Mixin private PipelineOption pipeline = new PipelineOption();
  @Mixin private ZoneOption zone = new ZoneOption();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "the run, as PIPELINE/DATE/ATTEMPT, instead of its pipeline and date")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description =
          "the run's logical date: 2026-11-21, yesterday, -3d (default: the schedule's, as of now; with a server, the latest run's)")
  private Optional<AskedDates> date = Optional.empty();

  @Option(names = "--job", paramLabel = "JOB", description = "one job (default: all of the run)")
  private Optional<String> job = Optional.empty();

  @Option(names = "--attempt", paramLabel = "N", description = "an attempt (default: the last)")
  private Optional<Integer> attempt = Optional.empty();

  @Option(
      names = {"-f", "--follow"},
      description =
          "print all, then what comes, job by job, until the run has ended; needs a server")
  private boolean following;

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
    if (address.isEmpty()) {
      Optional<ControlPlane> server = client.server();
      if (server.isPresent()) {
        fromServer(server.get());
        return ExitCodes.OK;
      }
    }
    if (following) {
      throw new SettingsException(
          "logs --follow needs a server, and none runs with these settings: start 'caravan serve', or name one with --server.");
    }
    fromS3();
    return ExitCodes.OK;
  }

  private void fromServer(ControlPlane plane) throws InterruptedException {
    RemoteLogs logs =
        RemoteLogs.of(plane, run, pipeline, date.map(asked -> day(asked)), attempt, out());
    if (following) {
      logs.follow(job);
    } else {
      Map<String, LogPages> found = logs.pages(job);
      found.forEach(
          (name, pages) -> {
            if (found.size() > 1) {
              out().println("== " + name);
            }
            print(pages);
          });
    }
  }

  private LocalDate day(AskedDates asked) {
    return asked.first(zone.today(Clock.systemUTC()));
  }

  private void fromS3() throws Exception {
    LogSettings settings = client.settings().readForLogs();
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
        print(pages(each.getKey(), each.getValue(), logs));
      }
    }
  }

  private Map<String, S3Location> fromJournal(LogSettings settings) {
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      Run found = run.map(id -> find(journal, id)).orElseGet(() -> find(journal, settings));
      return addresses(found, journal.jobs().latest(found));
    }
  }

  private static Run find(Journal journal, String id) {
    return journal
        .runs()
        .find(id)
        .orElseThrow(() -> new FatalException("There is no run " + id + "."));
  }

  private Run find(Journal journal, LogSettings settings) {
    String name =
        date.isPresent() && pipeline.name().isPresent()
            ? pipeline.name().get()
            : chosen(settings).name();
    LocalDate day =
        date.map(this::day).orElseGet(() -> chosen(settings).dateAt(Clock.systemUTC().instant()));
    return attempt
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
  }

  private Pipeline chosen(LogSettings settings) {
    return pipeline.choose(settings.pipelines().get());
  }

  private Map<String, S3Location> addresses(Run found, List<JobRun> jobs) {
    Map<String, S3Location> addresses = new LinkedHashMap<>();
    for (JobRun each : jobs) {
      if (job.isEmpty() || job.get().equals(each.job())) {
        each.logAddress().ifPresent(known -> addresses.put(each.job(), S3Location.of(known)));
      }
    }
    if (addresses.isEmpty()) {
      boolean submitted =
          jobs.stream().anyMatch(each -> job.isEmpty() || job.get().equals(each.job()));
      throw new FatalException(
          submitted
              ? "No log address is known for run "
                  + found.id()
                  + job.map(name -> ", job " + name).orElse("")
                  + ": its endpoint ships no logs (endpoint.logs-to), or it never accepted the batch."
              : "In run " + found.id() + " no job " + job.orElse("") + " was submitted.");
    }
    return addresses;
  }

  private LogPages pages(String name, S3Location place, ShippedLogs logs) {
    ShippedLog log =
        logs.find(place)
            .orElseThrow(
                () ->
                    new FatalException(
                        "There is no log at "
                            + place
                            + ": it was deleted, or the cluster ended before anything was shipped."));
    return (first, lines) -> {
      LogPage page = log.page(first, lines);
      return new LogView(
          run.orElse(""),
          name,
          attempt.orElse(0),
          LogView.Source.S3,
          log.manifest().complete(),
          page.from(),
          page.total(),
          page.lines());
    };
  }

  private void print(LogPages pages) {
    LogView first = new LogPrinter(pages, out()).print(from, size);
    if (!first.complete() && first.source() == LogView.Source.S3) {
      spec.commandLine()
          .getErr()
          .println(
              "caravan: this log is not complete: its batch had not ended when it was last shipped.");
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
