package dev.caravan.bench.journal;

import dev.caravan.bench.history.RunHistory;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slots;
import dev.caravan.processors.schedule.Timetable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A journal with so many runs, and what an orchestrator asks of it. One thread. */
final class JournalSide implements AutoCloseable {
  /** As many runs wait on the cluster all the time. */
  private static final int QUEUED = 20;

  private static final int LISTED = 50;
  private static final String PIPELINE = "p0";
  private static final String PLANNED = "planned";
  private static final Optional<Timetable> DAILY =
      Optional.of(
          new Timetable(
              Slots.cron("0 0 * * *", ZoneOffset.UTC),
              1,
              CatchUp.ALL,
              Duration.ofDays(7),
              Overlap.QUEUE,
              Optional.of(Duration.ofDays(366)),
              Optional.empty()));

  private final String name;
  private final SteppingClock clock;
  private final Journal journal;
  private LocalDate next = LocalDate.of(1990, 1, 1);

  private JournalSide(String name, SteppingClock clock, Journal journal) {
    this.name = name;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * Fills an empty journal.
   *
   * @param name of the side in the table
   */
  static JournalSide fill(String name, JournalConfig config, int runs) throws SQLException {
    SteppingClock clock = new SteppingClock();
    JournalSide side = new JournalSide(name, clock, Journal.open(config, clock));
    try (Connection connection =
        config.login().isPresent()
            ? DriverManager.getConnection(
                config.url(), config.login().get().user(), config.login().get().password())
            : DriverManager.getConnection(config.url())) {
      RunHistory.write(connection, runs, RunHistory.PIPELINES);
    }
    for (int i = 0; i < QUEUED; i++) {
      side.add();
    }
    side.journal.queue().plan(PLANNED, RunHistory.CLUSTER, DAILY.get());
    return side;
  }

  String name() {
    return name;
  }

  /** What is measured, each by its name in the table. */
  Map<String, Runnable> works() {
    Map<String, Runnable> works = new LinkedHashMap<>();
    works.put("next run of a cluster", () -> journal.queue().next(RunHistory.CLUSTER));
    works.put("tick, nothing due", this::plan);
    works.put("tick, one date due", this::tick);
    works.put("a run from its queueing to its end", this::run);
    works.put("reconciler", this::reconcile);
    works.put("latest 50 runs", () -> journal.runs().latest(LISTED));
    works.put("latest 50 runs of a pipeline", () -> journal.runs().latest(PIPELINE, LISTED));
    works.put("plan of a backfill of 30 dates", this::planBackfill);
    works.put(
        "usual start and job",
        () -> {
          journal.statuses().usualStart(RunHistory.CLUSTER);
          journal.jobs().usual(PIPELINE, "marts");
        });
    return works;
  }

  private void add() {
    next = next.plusDays(1);
    journal.queue().add(PIPELINE, RunHistory.CLUSTER, next, false, "bench");
  }

  private int plan() {
    return journal.queue().plan(PLANNED, RunHistory.CLUSTER, DAILY.get()).decisions().size();
  }

  private void tick() {
    clock.step(Duration.ofDays(1));
    require(plan() == 1, "one date is due each day");
  }

  /** What a tick has queued, so that the queue stays as long as it was. */
  void clear() {
    journal
        .runs()
        .latest(PLANNED, LISTED)
        .forEach(run -> journal.runs().cancel(run.id(), "bench", ""));
  }

  private void run() {
    add();
    Claim claim = journal.claims().claimDue(RunHistory.CLUSTER).orElseThrow();
    require(claim instanceof Claim.Taken, "nobody else takes runs");
    Run run = ((Claim.Taken) claim).run();
    journal.statuses().seen(run, "STOPPED");
    journal.sessions().open(run, RunHistory.CLUSTER, true);
    journal.sessions().startAccepted(run, "op");
    journal.statuses().seen(run, "STARTING");
    journal.statuses().seen(run, "RUNNING");
    for (String job : List.of("layer", "marts")) {
      journal.jobs().submitting(run, job, attempt -> run.id() + "/" + job + "/" + attempt);
      journal.jobs().submitted(run, job, 1);
      for (int poll = 0; poll < 3; poll++) {
        require(journal.claims().isHeld(run), "its claim is ours");
      }
      journal.jobs().succeeded(run, job, Optional.empty());
    }
    journal.runs().decide(run, RunState.SUCCEEDED, Optional.empty());
    journal.runs().end(run, RunState.SUCCEEDED, Optional.empty());
    journal.sessions().stopAsked(run);
    journal.statuses().seen(run, "STOPPING");
    journal.statuses().seen(run, "STOPPED");
    journal.sessions().stopped(RunHistory.CLUSTER);
    journal.claims().endSession(RunHistory.CLUSTER);
  }

  private void reconcile() {
    journal.runs().open(PIPELINE);
    journal.sessions().forgotten(List.of(PIPELINE), List.of(RunHistory.CLUSTER));
    journal.alarms().raised();
  }

  private void planBackfill() {
    LocalDate last = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    BackfillPlan plan =
        journal
            .backfills()
            .plan(
                PIPELINE,
                new BackfillPlan.Request(
                    last.minusDays(29), last, BackfillPlan.Only.UNFINISHED, false),
                DAILY);
    require(plan.dates().size() == 30, "each date has its entry");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("The benchmark measures something else: not " + what);
    }
  }

  @Override
  public void close() {
    journal.close();
  }
}
