package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.settings.Settings;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs the pipeline once, in the foreground: progress, then a table; the exit code tells both the
 * run's and the cluster's end.
 */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the pipeline for one logical date and waits until it ends.",
      "Exit code 0: the run succeeded and the cluster is stopped; 1: the run failed; 2: bad settings; 3: the cluster is not known to be stopped."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD",
      description = "the logical date (default: the schedule's, as of now)")
  private Optional<LocalDate> date = Optional.empty();

  @Option(names = "--again", description = "rerun a date that has already succeeded")
  private boolean again;

  @Override
  public Integer call() throws Exception {
    Clock clock = Clock.systemUTC();
    Settings settings = options.read();
    LocalDate logicalDate = date.orElseGet(() -> settings.schedule().date(clock.instant()));
    try (CaravanApplication application = CaravanApplication.start(settings, clock)) {
      Thread hook = new Thread(() -> shutDown(application), "shutdown");
      Runtime.getRuntime().addShutdownHook(hook);
      int exitCode = run(application, settings, logicalDate, clock);
      removeUnlessRunning(hook);
      return exitCode;
    }
  }

  private static void shutDown(CaravanApplication application) {
    application.close();
    CollapsingAppender.sayCounts();
  }

  private static void removeUnlessRunning(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A SIGTERM came: the hook is at work, and the process ends with it.
    }
  }

  private int run(
      CaravanApplication application, Settings settings, LocalDate logicalDate, Clock clock) {
    Journal journal = application.journal();
    PrintStream out = System.out;
    Progress progress =
        new Progress(out, Terminal.ofProcess(), settings.jobs().names().size(), clock).ticking();
    try (progress) {
      journal.onEvent(progress);
      application.reconcile();
      application.run(logicalDate, again);
    }
    CollapsingAppender.sayCounts();
    Optional<Run> run = journal.runs().last(settings.pipeline(), logicalDate);
    ClusterEnd cluster =
        ClusterEnd.of(
            journal,
            settings.pipeline(),
            run.flatMap(Run::clusterId).orElse(settings.cluster().id()),
            run);
    out.println(
        run.map(ended -> "\n" + table(journal, ended, settings, progress))
                .orElse("The run of " + logicalDate + " could not be claimed; the log says why.\n")
            + cluster.line());
    if (run.filter(ended -> ended.state() == RunState.SUCCEEDED).isEmpty()) {
      return ExitCodes.RUN_FAILED;
    }
    return cluster.stopped() ? ExitCodes.OK : ExitCodes.CLUSTER_NOT_STOPPED;
  }

  private static String table(Journal journal, Run run, Settings settings, Progress progress) {
    boolean shown =
        run.failure().filter(failure -> progress.hasShown(run.id(), failure)).isPresent();
    return RunTable.of(journal, run, settings.jobs().names(), !shown);
  }
}
