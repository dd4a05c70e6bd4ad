package dev.caravan.routes;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.journal.Backfill;
import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.Sessions;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.routes.cli.AskedDates;
import dev.caravan.routes.cli.AskerOptions;
import dev.caravan.routes.cli.ClientOptions;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.PipelineOption;
import dev.caravan.routes.cli.RemoteRun;
import dev.caravan.routes.cli.SignalHook;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.routes.cli.TextTable;
import dev.caravan.routes.cli.ZoneOption;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.operations.BackfillRequest;
import dev.caravan.routes.operations.BackfillStarted;
import dev.caravan.routes.operations.BackfillView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a pipeline for a span of past dates on one start of the cluster. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what it would do with each date of a span, then runs those that need it on one start of the cluster.",
      "Runs that are due otherwise go first. A backfill that was stopped is gone on with by the same command or by --resume.",
      "With a server it is queued there and followed; Ctrl-C then ends the watching, not the backfill. Without one this process drives it.",
      "Exit code 0: each run succeeded and the cluster is stopped; 1: a run failed, or dates are left; 2: bad settings;"
          + " 3: the cluster is not known to be stopped."
    })
final class BackfillCommand implements Callable<Integer> {
  @Mixin private ClientOptions client = new ClientOptions();
  @Mixin private PipelineOption pipelines = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();
  @Mixin private ZoneOption zone = new ZoneOption();

  @Option(
      names = "--date",
      paramLabel = "DATE..DATE",
      description = "the span of logical dates: 2026-11-01..2026-11-14, -7d..yesterday")
  private Optional<AskedDates> span = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "DATE",
      description = "instead of --date, the first logical date: 2026-11-21, yesterday, -3d")
  private Optional<AskedDates> from = Optional.empty();

  @Option(names = "--to", paramLabel = "DATE", description = "the last logical date")
  private Optional<AskedDates> to = Optional.empty();

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

  @Option(
      names = "--detach",
      description = "with a server: queue the backfill there and don't wait for it")
  private boolean detached;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (pause.isPresent() || cancel.isPresent() || dryRun) {
      try (ControlPlane plane = client.open()) {
        return dryRun ? plan(plane) : change(plane);
      }
    }
    Optional<ControlPlane> server = client.server();
    if (server.isPresent()) {
      return atServer(server.get());
    }
    if (detached) {
      throw new SettingsException(
          "backfill --detach needs a server, and none runs with these settings: start 'caravan serve', or name one with --server.");
    }
    return here(client.settings().read());
  }

  private int plan(ControlPlane plane) {
    RemoteRun.show(out(), plane.planBackfill(request(pipelines.choose(plane))));
    return ExitCodes.OK;
  }

  private int change(ControlPlane plane) {
    pause.ifPresent(id -> RemoteRun.say(plane.pauseBackfill(id, asker.asker()), out()));
    cancel.ifPresent(id -> RemoteRun.say(plane.cancelBackfill(id, asker.asker()), out()));
    return ExitCodes.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private BackfillRequest request(String pipeline) {
    LocalDate today = zone.today(Clock.systemUTC());
    return new BackfillRequest(
        pipeline,
        required("--from", from.or(() -> span)).first(today),
        required("--to", to.or(() -> span)).last(today),
        only,
        newestFirst);
  }

  private static AskedDates required(String option, Optional<AskedDates> date) {
    return date.orElseThrow(
        () ->
            new SettingsException(
                "A backfill needs " + option + " YYYY-MM-DD, or --date with a span."));
  }

  private int atServer(ControlPlane plane) throws InterruptedException {
    RemoteRun remote = new RemoteRun(plane, out(), zone, asker.asker(), !detached);
    return resume.isPresent()
        ? remote.follow(resumed(plane, resume.get()))
        : remote.backfill(request(pipelines.choose(plane)));
  }

  private BackfillView resumed(ControlPlane plane, long id) {
    BackfillView known = plane.backfill(id);
    return known.state() == BackfillState.RUNNING ? known : plane.resumeBackfill(id, asker.asker());
  }

  /** In this process, which drives the runs itself. */
  private int here(Settings settings) throws Exception {
    Optional<BackfillRequest> asked =
        resume.isPresent()
            ? Optional.empty()
            : Optional.of(request(pipelines.choose(settings.pipelines()).name()));
    try (CaravanApplication application = CaravanApplication.start(settings, Clock.systemUTC())) {
      SignalHook hook = SignalHook.on("shutdown", () -> RunCommand.shutDown(application));
      try (hook) {
        return here(application, settings, asked);
      }
    }
  }

  private int here(
      CaravanApplication application, Settings settings, Optional<BackfillRequest> asked)
      throws Exception {
    ControlPlane plane = application.controlPlane();
    Optional<BackfillView> chosen =
        asked.isPresent()
            ? begin(plane, asked.get())
            : Optional.of(resumed(plane, resume.orElseThrow()));
    if (chosen.isEmpty()) {
      System.out.println("Nothing to do.");
      return settle(application, settings, asked.orElseThrow().pipeline());
    }
    Backfill backfill = application.journal().backfills().find(chosen.get().id()).orElseThrow();
    System.out.println();
    Backfill ended;
    try (Progress progress =
        Progress.of(
                settings.pipelines().require(backfill.pipeline()),
                queued(application.journal(), backfill),
                System.out,
                Clock.systemUTC())
            .ticking()) {
      application.journal().onEvent(progress);
      ended = run(application, settings, backfill);
    }
    CollapsingAppender.sayCounts();
    int exitCode = report(application, ended);
    application.reconcile();
    return exitCode;
  }

  /** What an earlier process has left open is brought to its end all the same. */
  private static int settle(CaravanApplication application, Settings settings, String pipeline)
      throws InterruptedException {
    ClusterConfig cluster =
        settings.cluster(settings.pipelines().require(pipeline).cluster()).config();
    Sessions sessions = application.journal().sessions();
    long begin = System.nanoTime();
    application.reconcile();
    // The stop is asked for by the first look, and confirmed by a later one.
    while (!sessions.forgotten(List.of(pipeline), List.of(cluster.id())).isEmpty()
        && System.nanoTime() - begin < cluster.stopTimeout().toNanos()
        && !application.isClosing()) {
      TimeUnit.NANOSECONDS.sleep(cluster.fastPoll().toNanos());
      application.reconcile();
    }
    ClusterEnd end = ClusterEnd.of(application.journal(), pipeline, cluster.id(), Optional.empty());
    if (end.stopped()) {
      return ExitCodes.OK;
    }
    System.out.println(end.line());
    return ExitCodes.CLUSTER_NOT_STOPPED;
  }

  private Optional<BackfillView> begin(ControlPlane plane, BackfillRequest request) {
    BackfillStarted started = plane.backfill(request, asker.asker());
    RemoteRun.show(out(), started.plan());
    return started.backfill().or(() -> RemoteRun.begunBefore(plane, request, out()));
  }

  private static Backfill run(
      CaravanApplication application, Settings settings, Backfill backfill) {
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
    return now;
  }

  private static int queued(Journal journal, Backfill backfill) {
    return journal.backfills().progress(backfill.id()).getOrDefault(RunState.QUEUED, 0);
  }

  private int report(CaravanApplication application, Backfill backfill) {
    Journal journal = application.journal();
    PrintWriter out = out();
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
    RemoteRun.say(application.controlPlane().backfill(backfill.id()), out);
    ClusterEnd end =
        ClusterEnd.of(
            journal,
            backfill.pipeline(),
            backfill.clusterId(),
            runs.stream()
                .filter(run -> journal.sessions().of(run).isPresent())
                .reduce((earlier, later) -> later));
    out.println(end.line());
    out.flush();
    boolean good =
        backfill.state() == BackfillState.DONE
            && runs.stream().allMatch(run -> run.state() == RunState.SUCCEEDED);
    if (!good) {
      return ExitCodes.FAILED;
    }
    return end.stopped() ? ExitCodes.OK : ExitCodes.CLUSTER_NOT_STOPPED;
  }
}
