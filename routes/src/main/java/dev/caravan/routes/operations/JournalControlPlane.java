package dev.caravan.routes.operations;

import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.Backfill;
import dev.caravan.processors.journal.Backfills;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.History;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunQueue;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.BackfillEstimate;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Timetable;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** All questions and actions, over the settings and the journal. */
public final class JournalControlPlane implements ControlPlane, EventFeed, RunGrids {
  private static final int DIGITS = 4;

  private final Settings settings;
  private final Journal journal;
  private final Clock clock;
  private final JobLogs logs;
  private final Runnable onClose;
  private final RunViews runs;
  private final PipelineViews pipelines;
  private final ClusterViews clusters;
  private final CostViews costs;
  private final RunGridViews grids;
  private final JournalBackups backups;

  /**
   * Over a journal that is somebody else's to close.
   *
   * @param logs closed with this
   */
  public JournalControlPlane(Settings settings, Journal journal, Clock clock, JobLogs logs) {
    this(settings, journal, clock, logs, () -> {});
  }

  private JournalControlPlane(
      Settings settings, Journal journal, Clock clock, JobLogs logs, Runnable onClose) {
    this.settings = settings;
    this.journal = journal;
    this.clock = clock;
    this.logs = logs;
    this.onClose = onClose;
    this.runs = new RunViews(settings.pipelines(), journal, this::clusterName);
    this.pipelines = new PipelineViews(settings.pipelines(), journal, clock, runs::of);
    this.clusters = new ClusterViews(settings.clusters(), journal, runs::of);
    this.costs = new CostViews(settings.clusters(), settings.pipelines()::all, journal);
    this.grids = new RunGridViews(journal, runs::of);
    this.backups = new JournalBackups(settings.backups(), journal, clock);
  }

  /**
   * Opens the journal, which is closed with this.
   *
   * @throws FatalException if it can't be opened, for example because a server has it
   */
  public static JournalControlPlane open(Settings settings, Clock clock) {
    Journal journal = Journal.open(settings.journal(), clock);
    return new JournalControlPlane(
        settings,
        journal,
        clock,
        new LogsOnDemand(() -> ShippedJobLogs.of(settings.s3())),
        journal::close);
  }

  /**
   * Opens the journal for questions alone: nothing is written to it. It is closed with this.
   *
   * @return empty if there is none yet, or it is of an earlier version
   * @throws FatalException if it can't be opened, for example because a server has it
   */
  public static Optional<ControlPlane> openToRead(Settings settings, Clock clock) {
    return Journal.openToRead(settings.journal(), clock)
        .map(
            journal ->
                new JournalControlPlane(
                    settings,
                    journal,
                    clock,
                    new LogsOnDemand(() -> ShippedJobLogs.of(settings.s3())),
                    journal::close));
  }

  private String clusterName(String id) {
    return ClusterViews.name(settings.clusters(), id);
  }

  @Override
  public List<PipelineView> pipelines() {
    return settings.pipelines().all().stream().map(each -> pipelines.of(each, false)).toList();
  }

  @Override
  public PipelineView pipeline(String name) {
    return pipelines.of(require(name), true);
  }

  private Pipeline require(String name) {
    try {
      return settings.pipelines().require(name);
    } catch (FatalException e) {
      throw OperationException.notFound(e.getMessage());
    }
  }

  @Override
  public ListPage<RunView> runs(RunFilter filter, PageRequest page) {
    List<Run> found =
        journal.history().runs(filter, page.cursor().map(Cursors::place), page.limit() + 1);
    return page(found, page, run -> Cursors.of(History.Place.of(run)), runs::of);
  }

  /** One more than the page has was asked for: only then something follows. */
  private static <T, V> ListPage<V> page(
      List<T> found, PageRequest page, Function<T, String> cursor, Function<T, V> view) {
    List<T> items = found.stream().limit(page.limit()).toList();
    return new ListPage<>(
        items.stream().map(view).toList(),
        found.size() > page.limit()
            ? Optional.of(cursor.apply(items.get(items.size() - 1)))
            : Optional.empty());
  }

  @Override
  public RunDetail run(String id) {
    Run run = requireRun(id);
    return runs.detail(run, journal.sessions().of(run).map(clusters::of));
  }

  private Run requireRun(String id) {
    return journal
        .runs()
        .find(id)
        .orElseThrow(() -> OperationException.notFound("There is no run " + id + "."));
  }

  @Override
  public LogView log(LogRequest request) {
    Run run = requireRun(request.run());
    JobRun attempt =
        journal.jobs().attempts(run).stream()
            .filter(each -> each.job().equals(request.job()))
            .filter(each -> request.attempt().map(wanted -> wanted == each.attempt()).orElse(true))
            .reduce((earlier, later) -> later)
            .orElseThrow(
                () ->
                    OperationException.notFound(
                        "In run "
                            + run.id()
                            + " no job "
                            + request.job()
                            + request.attempt().map(number -> ", attempt " + number).orElse("")
                            + " was submitted."));
    return logs.page(request, run, attempt);
  }

  @Override
  public List<ClusterView> clusters() {
    return settings.clusters().stream()
        .sorted(Comparator.comparing(NamedCluster::name))
        .map(clusters::of)
        .toList();
  }

  @Override
  public ClusterView cluster(String name) {
    return clusters.of(requireCluster(name));
  }

  private NamedCluster requireCluster(String name) {
    return settings.clusters().stream()
        .filter(cluster -> cluster.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                OperationException.notFound(
                    "There is no cluster '%s' in the settings; there are %s."
                        .formatted(
                            name,
                            String.join(
                                ", ",
                                settings.clusters().stream().map(NamedCluster::name).toList()))));
  }

  @Override
  public ListPage<SessionView> sessions(Optional<String> cluster, PageRequest page) {
    Optional<String> id = cluster.map(this::requireCluster).map(each -> each.config().id());
    List<ClusterSession> found =
        journal.history().sessions(id, page.cursor().map(Cursors::id), page.limit() + 1);
    return page(found, page, session -> Cursors.of(session.id()), clusters::of);
  }

  @Override
  public SessionView session(long id) {
    return journal
        .history()
        .session(id)
        .map(clusters::of)
        .orElseThrow(() -> OperationException.notFound("There is no session " + id + "."));
  }

  @Override
  public ListPage<BackfillView> backfills(Optional<String> pipeline, PageRequest page) {
    List<Backfill> found =
        journal.history().backfills(pipeline, page.cursor().map(Cursors::id), page.limit() + 1);
    return page(found, page, backfill -> Cursors.of(backfill.id()), this::view);
  }

  @Override
  public BackfillView backfill(long id) {
    return view(requireBackfill(id));
  }

  private Backfill requireBackfill(long id) {
    return journal
        .backfills()
        .find(id)
        .orElseThrow(() -> OperationException.notFound("There is no backfill " + id + "."));
  }

  private BackfillView view(Backfill backfill) {
    return new BackfillView(
        backfill.id(),
        backfill.pipeline(),
        clusterName(backfill.clusterId()),
        backfill.firstDate(),
        backfill.lastDate(),
        backfill.newestFirst(),
        backfill.state(),
        backfill.reason(),
        backfill.askedBy(),
        backfill.createdAt(),
        backfill.endedAt(),
        journal.backfills().progress(backfill.id()));
  }

  @Override
  public BackfillPlanView planBackfill(BackfillRequest request) {
    Pipeline pipeline = require(request.pipeline());
    return view(
        journal.backfills().plan(pipeline.name(), plan(request), timetable(pipeline)), pipeline);
  }

  private static BackfillPlan.Request plan(BackfillRequest request) {
    try {
      return new BackfillPlan.Request(
          request.from(), request.to(), request.only(), request.newestFirst());
    } catch (IllegalArgumentException e) {
      throw OperationException.invalid(e.getMessage());
    }
  }

  private static Optional<Timetable> timetable(Pipeline pipeline) {
    return pipeline.schedule().map(PipelineSchedule::timetable);
  }

  private BackfillPlanView view(BackfillPlan plan, Pipeline pipeline) {
    BackfillEstimate estimate =
        journal
            .backfills()
            .estimate(
                pipeline.name(),
                settings.clusterId(pipeline.cluster()),
                plan.toRun().size(),
                pipeline.together());
    Optional<Prices> prices = settings.cluster(pipeline.cluster()).prices();
    Optional<BigDecimal> amount =
        prices.flatMap(set -> estimate.clusterTime().map(time -> price(set, time)));
    return new BackfillPlanView(
        plan.dates(),
        plan.toRun().size(),
        estimate.clusterTime(),
        estimate.sentence(),
        amount,
        amount.flatMap(known -> prices.map(Prices::currency)));
  }

  /** Of one session of this time, at the prices of now. */
  private BigDecimal price(Prices prices, Duration time) {
    Instant now = clock.instant();
    return time.isZero()
        ? BigDecimal.ZERO
        : prices
            .start()
            .at(now)
            .add(prices.hour().at(now).multiply(hours(time)))
            .setScale(DIGITS, RoundingMode.HALF_UP);
  }

  private static BigDecimal hours(Duration time) {
    return BigDecimal.valueOf(time.toMillis())
        .divide(BigDecimal.valueOf(Duration.ofHours(1).toMillis()), MathContext.DECIMAL64);
  }

  @Override
  public List<AlarmView> alarms() {
    return journal.alarms().raised().stream().map(JournalControlPlane::view).toList();
  }

  private static AlarmView view(Alarm alarm) {
    return new AlarmView(
        alarm.kind(),
        alarm.subject(),
        alarm.runId(),
        alarm.raisedAt(),
        alarm.sentAt(),
        alarm.kind().sentence(alarm.subject(), alarm.detail()));
  }

  @Override
  public CostView cost(Optional<YearMonth> month) {
    Instant now = clock.instant();
    return costs.of(month.orElse(YearMonth.from(now.atOffset(ZoneOffset.UTC))), now);
  }

  @Override
  public RunGrid grid(String pipeline, LocalDate from, LocalDate to) {
    return grids.of(require(pipeline), from, to);
  }

  @Override
  public List<EventView> events(long after, int limit) {
    return History.settled(journal.history().events(after, limit), after, clock.instant()).stream()
        .map(RunViews::event)
        .toList();
  }

  @Override
  public long lastEvent() {
    return journal.history().lastEvent();
  }

  @Override
  public RunAsked run(RunRequest request, Asker asker) {
    Pipeline pipeline = require(request.pipeline());
    return queue(
        pipeline,
        request.date().orElseGet(() -> pipeline.dateAt(clock.instant())),
        request.again(),
        asker);
  }

  private RunAsked queue(Pipeline pipeline, LocalDate date, boolean again, Asker asker) {
    RunQueue.Asked asked =
        journal
            .queue()
            .add(
                pipeline.name(), settings.clusterId(pipeline.cluster()), date, again, asker.name());
    return new RunAsked(runs.of(asked.run()), asked.added());
  }

  @Override
  public RunAsked repair(String runId, Asker asker) {
    Run run = requireRun(runId);
    Pipeline pipeline = require(run.pipeline());
    Run last = journal.runs().last(run.pipeline(), run.logicalDate()).orElse(run);
    if (!last.state().isRepairable()) {
      throw new OperationException(
          OperationException.Reason.CONFLICT,
          "There is nothing to repair on %s: run %s is %s."
              .formatted(run.logicalDate(), last.id(), last.state()));
    }
    return queue(pipeline, run.logicalDate(), false, asker);
  }

  @Override
  public RunView cancel(String runId, Asker asker) {
    requireRun(runId);
    return runs.of(journal.runs().cancel(runId, asker.name(), asker.note()));
  }

  @Override
  public BackfillStarted backfill(BackfillRequest request, Asker asker) {
    Pipeline pipeline = require(request.pipeline());
    Backfills.Begun begun =
        journal
            .backfills()
            .begin(
                pipeline.name(),
                settings.clusterId(pipeline.cluster()),
                plan(request),
                timetable(pipeline),
                asker.name());
    return new BackfillStarted(view(begun.plan(), pipeline), begun.backfill().map(this::view));
  }

  @Override
  public BackfillView pauseBackfill(long id, Asker asker) {
    return change(id, () -> journal.backfills().pause(id, asker.name(), asker.note()));
  }

  @Override
  public BackfillView resumeBackfill(long id, Asker asker) {
    return change(id, () -> journal.backfills().resume(id, asker.name()));
  }

  @Override
  public BackfillView cancelBackfill(long id, Asker asker) {
    return change(id, () -> journal.backfills().cancel(id, asker.name(), asker.note()));
  }

  private BackfillView change(long id, Runnable change) {
    requireBackfill(id);
    return backfill(
        unlessForbidden(
            () -> {
              change.run();
              return id;
            }));
  }

  /** The journal's table of states forbids some changes, in a sentence. */
  private static <T> T unlessForbidden(Supplier<T> action) {
    try {
      return action.get();
    } catch (IllegalStateException e) {
      throw new OperationException(OperationException.Reason.CONFLICT, e.getMessage());
    }
  }

  @Override
  public PipelineView pause(String name, Asker asker) {
    Pipeline pipeline = require(name);
    journal.queue().pause(pipeline.name(), asker.name(), asker.note());
    return pipelines.of(pipeline, true);
  }

  @Override
  public PipelineView resume(String name, CatchUp catchUp, Asker asker) {
    Pipeline pipeline = require(name);
    journal
        .queue()
        .resume(
            pipeline.name(),
            settings.clusterId(pipeline.cluster()),
            timetable(pipeline),
            catchUp,
            asker.name());
    return pipelines.of(pipeline, true);
  }

  @Override
  public JournalBackupView backupJournal(Asker asker) {
    return backups.make();
  }

  @Override
  public ClusterView stopCluster(String name, Asker asker) {
    NamedCluster cluster = requireCluster(name);
    return unlessForbidden(
        () -> {
          journal.sessions().oweStop(cluster.config().id(), asker.name(), asker.note());
          return clusters.of(cluster);
        });
  }

  @Override
  public void close() {
    try {
      logs.close();
    } finally {
      onClose.run();
    }
  }
}
