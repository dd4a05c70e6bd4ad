package dev.caravan.routes;

import dev.caravan.processors.journal.Backfill;
import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.Backfills;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.Timetable;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a pipeline for a span of past dates on one start of the cluster. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what it would do with each date of a span, then runs those that need it on one start of the cluster.",
      "Runs that are due otherwise go first. A backfill that was stopped is gone on with by the same command or by --resume.",
      "Exit code 0: each run succeeded and the cluster is stopped; 1: a run failed, or dates are left; 2: bad settings;"
          + " 3: the cluster is not known to be stopped."
    })
final class BackfillCommand implements Callable<Integer> {
  /** So many are looked through for one that is open. */
  private static final int LATEST = 100;

  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private PipelineOption pipelines = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "the first logical date")
  private Optional<LocalDate> from = Optional.empty();

  @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "the last logical date")
  private Optional<LocalDate> to = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "unfinished|missing|failed|all",
      defaultValue = "unfinished",
      description =
          "which dates run: those that never succeeded, that have no run, whose run failed, or all (default: ${DEFAULT-VALUE})")
  private BackfillPlan.Only only = BackfillPlan.Only.UNFINISHED;

  @Option(names = "--newest-first", description = "run the latest date first")
  private boolean newestFirst;

  @Option(names = "--dry-run", description = "show the plan and do nothing")
  private boolean dryRun;

  @Option(
      names = "--resume",
      paramLabel = "NUMBER",
      description = "go on with this backfill, paused, held or interrupted, instead of a new one")
  private Optional<Long> resume = Optional.empty();

  @Option(
      names = "--pause",
      paramLabel = "NUMBER",
      description = "begin no further run of this backfill")
  private Optional<Long> pause = Optional.empty();

  @Option(
      names = "--cancel",
      paramLabel = "NUMBER",
      description = "cancel what is queued of this backfill, and what runs")
  private Optional<Long> cancel = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.read();
    try {
      if (pause.isPresent() || cancel.isPresent()) {
        return change(settings);
      }
      return resume.isPresent() ? resume(settings, resume.get()) : begin(settings);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SettingsException(e.getMessage());
    }
  }

  private int change(Settings settings) {
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      pause.ifPresent(id -> journal.backfills().pause(id, asker.name(), asker.note()));
      cancel.ifPresent(id -> journal.backfills().cancel(id, asker.name(), asker.note()));
      long id = pause.or(() -> cancel).orElseThrow();
      say(journal.backfills().find(id).orElseThrow());
      return ExitCodes.OK;
    }
  }

  private int begin(Settings settings) throws Exception {
    Pipeline pipeline = pipelines.choose(settings.pipelines());
    BackfillPlan.Request request =
        new BackfillPlan.Request(required("--from", from), required("--to", to), only, newestFirst);
    Optional<Timetable> timetable = pipeline.schedule().map(PipelineSchedule::timetable);
    if (dryRun) {
      try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
        show(
            journal,
            settings,
            pipeline,
            journal.backfills().plan(pipeline.name(), request, timetable));
        return ExitCodes.OK;
      }
    }
    return run(
        settings,
        journal -> {
          Backfills.Begun begun =
              journal
                  .backfills()
                  .begin(
                      pipeline.name(),
                      settings.clusterId(pipeline.cluster()),
                      request,
                      timetable,
                      asker.name());
          show(journal, settings, pipeline, begun.plan());
          return begun.backfill().or(() -> begunBefore(journal, pipeline.name(), request));
        });
  }

  /**
   * The backfill that has runs of these dates still to do: the same command once more goes on with
   * it.
   */
  private static Optional<Backfill> begunBefore(
      Journal journal, String pipeline, BackfillPlan.Request request) {
    Optional<Backfill> open =
        journal.backfills().latest(pipeline, LATEST).stream()
            .filter(backfill -> backfill.state().isOpen())
            .filter(
                backfill ->
                    journal.backfills().runs(backfill.id()).stream()
                        .filter(run -> run.state().isOpen())
                        .map(Run::logicalDate)
                        .anyMatch(
                            date -> !date.isBefore(request.from()) && !date.isAfter(request.to())))
            .findFirst();
    open.ifPresent(BackfillCommand::say);
    open.filter(backfill -> backfill.state() != BackfillState.RUNNING)
        .ifPresent(
            backfill -> {
              throw new SettingsException(
                  "These dates wait in backfill %d, which is %s. Go on with it: --resume %d"
                      .formatted(backfill.id(), backfill.state(), backfill.id()));
            });
    return open;
  }

  private static LocalDate required(String option, Optional<LocalDate> date) {
    return date.orElseThrow(
        () -> new SettingsException("A backfill needs " + option + " YYYY-MM-DD."));
  }

  private int resume(Settings settings, long id) throws Exception {
    return run(
        settings,
        journal -> {
          Backfill known =
              journal
                  .backfills()
                  .find(id)
                  .orElseThrow(() -> new SettingsException("There is no backfill " + id + "."));
          if (known.state() != BackfillState.RUNNING) {
            journal.backfills().resume(id, asker.name());
          }
          return journal.backfills().find(id);
        });
  }

  /** Gives the backfill that is to be run; empty if there is nothing to do. */
  private interface Choice {
    Optional<Backfill> choose(Journal journal);
  }

  private static int run(Settings settings, Choice choice) throws Exception {
    try (CaravanApplication application = CaravanApplication.start(settings, Clock.systemUTC())) {
      Thread hook = new Thread(application::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(hook);
      application.journal().onEvent(new EventLogger());
      Optional<Backfill> chosen = choice.choose(application.journal());
      if (chosen.isEmpty()) {
        System.out.println("Nothing to do.");
        return ExitCodes.OK;
      }
      int exitCode = run(application, settings, chosen.get());
      application.reconcile();
      return exitCode;
    }
  }

  private static int run(CaravanApplication application, Settings settings, Backfill backfill) {
    Journal journal = application.journal();
    String cluster = settings.clusterName(backfill.clusterId());
    Backfill now = backfill;
    // A session takes all that is due; another one is needed only where one was lost.
    while (now.state() == BackfillState.RUNNING && !application.isClosing()) {
      int left = queued(journal, backfill);
      application.dispatch(cluster);
      now = journal.backfills().find(backfill.id()).orElseThrow();
      if (now.state() == BackfillState.RUNNING && queued(journal, backfill) == left) {
        System.out.println("The cluster is used by another orchestrator, which goes on with it.");
        break;
      }
    }
    return report(journal, now);
  }

  private static int queued(Journal journal, Backfill backfill) {
    return journal.backfills().progress(backfill.id()).getOrDefault(RunState.QUEUED, 0);
  }

  private static int report(Journal journal, Backfill backfill) {
    PrintStream out = System.out;
    List<Run> runs = journal.backfills().runs(backfill.id());
    TextTable table =
        new TextTable(
            List.of("date", "attempt", "state", "reason"),
            runs.stream()
                .map(
                    run ->
                        List.of(
                            run.logicalDate().toString(),
                            Integer.toString(run.attempt()),
                            run.state().toString(),
                            run.failure().orElse("")))
                .toList());
    out.print("\n" + table.text(Terminal.ofProcess().columns()) + "\n");
    say(backfill);
    ClusterEnd end =
        ClusterEnd.of(
            journal,
            backfill.pipeline(),
            backfill.clusterId(),
            runs.stream()
                .filter(run -> journal.sessions().of(run).isPresent())
                .reduce((earlier, later) -> later));
    out.println(end.line());
    boolean good =
        backfill.state() == BackfillState.DONE
            && runs.stream().allMatch(run -> run.state() == RunState.SUCCEEDED);
    if (!good) {
      return ExitCodes.RUN_FAILED;
    }
    return end.stopped() ? ExitCodes.OK : ExitCodes.CLUSTER_NOT_STOPPED;
  }

  private static void say(Backfill backfill) {
    System.out.println(
        "backfill "
            + backfill.id()
            + ": "
            + backfill.state()
            + backfill.reason().map(reason -> ", " + reason).orElse(""));
  }

  private static void show(
      Journal journal, Settings settings, Pipeline pipeline, BackfillPlan plan) {
    TextTable table =
        new TextTable(
            List.of("date", "runs", "reason"),
            plan.dates().stream()
                .map(
                    entry ->
                        List.of(
                            entry.date().toString(), entry.runs() ? "yes" : "no", entry.reason()))
                .toList());
    System.out.print(table.text(Terminal.ofProcess().columns()));
    System.out.println(
        String.format(
            Locale.ENGLISH,
            "%n%d of %d dates run. %s",
            plan.toRun().size(),
            plan.dates().size(),
            journal
                .backfills()
                .estimate(
                    pipeline.name(),
                    settings.clusterId(pipeline.cluster()),
                    plan.toRun().size(),
                    pipeline.together())
                .sentence()));
  }
}
