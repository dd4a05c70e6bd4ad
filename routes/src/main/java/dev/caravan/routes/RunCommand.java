package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.cli.AskedDates;
import dev.caravan.routes.cli.AskerOptions;
import dev.caravan.routes.cli.ClientOptions;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.PipelineOption;
import dev.caravan.routes.cli.RemoteRun;
import dev.caravan.routes.cli.RunTable;
import dev.caravan.routes.cli.SignalHook;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.routes.cli.ZoneOption;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the pipeline for one or more dates in one session, in the foreground: progress, then a table
 * for each; the exit code tells both the runs' and the cluster's end.
 */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a pipeline for one or more logical dates on one start of the cluster and waits for the end.",
      "With a server the runs are queued there and followed; Ctrl-C then ends the watching, not the runs. Without one this process drives them.",
      "Exit code 0: each run succeeded and the cluster is stopped; 1: a run failed; 2: bad settings; 3: the cluster is not known to be stopped."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private ClientOptions client = new ClientOptions();
  @Mixin private PipelineOption chosen = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();
  @Mixin private ZoneOption zone = new ZoneOption();

  @Option(
      names = "--date",
      paramLabel = "DATE[..DATE]",
      description =
          "a logical date or a span of them: 2026-11-21, yesterday, -3d, 2026-11-01..yesterday (default: the schedule's, as of now); may be given several times, the dates are run in that order")
  private List<AskedDates> dates = new ArrayList<>();

  @ArgGroup private Repetition repetition = new Repetition();

  /** At most one of them. */
  private static final class Repetition {
    @Option(names = "--again", description = "rerun a date that has already succeeded")
    private boolean again;

    @Option(
        names = "--only-failed",
        description =
            "repair a run: run the jobs that failed, and those that need them; what it has verified is taken over")
    private boolean onlyFailed;
  }

  @Option(
      names = "--detach",
      description = "with a server: queue the runs there and don't wait for them")
  private boolean detached;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Optional<ControlPlane> server = client.server();
    if (server.isPresent()) {
      RemoteRun remote =
          new RemoteRun(server.get(), spec.commandLine().getOut(), zone, asker.asker(), !detached);
      String pipeline = chosen.choose(server.get());
      return repetition.onlyFailed
          ? remote.repair(pipeline, dates())
          : remote.run(pipeline, dates(), repetition.again);
    }
    if (detached) {
      throw new SettingsException(
          "run --detach needs a server, and none runs with these settings: start 'caravan serve', or name one with --server.");
    }
    return runHere();
  }

  /** Each once, in the order in which they are asked for. */
  private List<LocalDate> dates() {
    LocalDate today = zone.today(Clock.systemUTC());
    try {
      return dates.stream().flatMap(asked -> asked.all(today).stream()).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage());
    }
  }

  /** In this process, which drives the runs itself. */
  private int runHere() throws Exception {
    Clock clock = Clock.systemUTC();
    Settings settings = client.settings().read();
    Pipeline pipeline = chosen.choose(settings.pipelines());
    List<LocalDate> asked = dates.isEmpty() ? List.of(pipeline.dateAt(clock.instant())) : dates();
    try (CaravanApplication application = CaravanApplication.start(settings, clock)) {
      if (repetition.onlyFailed) {
        asked.forEach(date -> requireFailed(application.journal(), pipeline.name(), date));
      }
      SignalHook hook = SignalHook.on("shutdown", () -> shutDown(application));
      try (hook) {
        return run(application, settings, pipeline, asked, clock);
      }
    }
  }

  /** A further attempt at a failed date does just that; a date of another state has none. */
  private static void requireFailed(Journal journal, String pipeline, LocalDate date) {
    Optional<Run> last = journal.runs().last(pipeline, date);
    if (last.filter(run -> run.state().isRepairable()).isEmpty()) {
      throw new SettingsException(
          "There is nothing to repair on %s: %s."
              .formatted(
                  date,
                  last.map(run -> "run " + run.id() + " is " + run.state())
                      .orElse("it has no run")));
    }
  }

  /** What SIGTERM has done with an application in the foreground. */
  static void shutDown(CaravanApplication application) {
    application.close();
    CollapsingAppender.sayCounts();
  }

  private int run(
      CaravanApplication application,
      Settings settings,
      Pipeline pipeline,
      List<LocalDate> asked,
      Clock clock) {
    Journal journal = application.journal();
    PrintStream out = System.out;
    Progress progress = Progress.of(pipeline, asked.size(), out, clock).ticking();
    try (progress) {
      journal.onEvent(progress);
      application.reconcile();
      application.run(pipeline.name(), asked, repetition.again);
    }
    CollapsingAppender.sayCounts();
    List<Run> runs = new ArrayList<>();
    for (LocalDate date : asked) {
      journal.runs().last(pipeline.name(), date).ifPresent(runs::add);
    }
    ControlPlane plane = application.controlPlane();
    for (LocalDate date : asked) {
      out.println(
          runs.stream()
              .filter(run -> run.logicalDate().equals(date))
              .findFirst()
              .map(run -> "\n" + table(journal, plane, run, runs, progress).stripTrailing())
              .orElse("The run of " + date + " could not be claimed; the log says why."));
    }
    ClusterEnd cluster = clusterEnd(journal, settings, pipeline, runs);
    out.println("\n" + cluster.line());
    long succeeded = runs.stream().filter(run -> run.state() == RunState.SUCCEEDED).count();
    if (succeeded < asked.size()) {
      return ExitCodes.FAILED;
    }
    return cluster.stopped() ? ExitCodes.OK : ExitCodes.CLUSTER_NOT_STOPPED;
  }

  /** That of a run that used the cluster, if there is one. */
  private static ClusterEnd clusterEnd(
      Journal journal, Settings settings, Pipeline pipeline, List<Run> runs) {
    Optional<Run> told =
        runs.stream()
            .filter(run -> journal.sessions().of(run).isPresent())
            .findFirst()
            .or(() -> runs.stream().findFirst());
    return ClusterEnd.of(
        journal,
        pipeline.name(),
        told.flatMap(Run::clusterId).orElse(settings.clusterId(pipeline.cluster())),
        told);
  }

  private static String table(
      Journal journal, ControlPlane plane, Run run, List<Run> shown, Progress progress) {
    boolean known =
        run.failure().filter(failure -> progress.hasShown(run.id(), failure)).isPresent();
    return RunTable.of(plane.run(run.id()), !known, Terminal.ofProcess())
        + ClusterSeconds.of(journal, run, shown);
  }
}
