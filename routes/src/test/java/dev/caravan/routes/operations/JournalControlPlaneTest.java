package dev.caravan.routes.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.cost.Phase;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.BudgetState;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalControlPlaneTest {
  private static final LocalDate DATE = LocalDate.of(2026, 10, 23);
  private static final Asker ANN = new Asker("ann", "the source is down");

  /** Two days before the clocks of Berlin go back. */
  private final MutableClock clock = new MutableClock(Instant.parse("2026-10-24T00:00:00Z"));

  @TempDir Path directory;
  private TestInstallation installation;
  private Settings settings;
  private Journal journal;
  private ControlPlane controlPlane;

  @BeforeEach
  void open() throws IOException {
    installation = new TestInstallation(directory);
    settings = installation.read();
    journal = Journal.open(JournalConfig.of("jdbc:h2:mem:operations-" + System.nanoTime()), clock);
    controlPlane =
        new JournalControlPlane(settings, journal, clock, ShippedJobLogs.of(settings.s3()));
  }

  @AfterEach
  void close() {
    controlPlane.close();
    journal.close();
  }

  private static void assertRefused(
      OperationException.Reason reason, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(words);
  }

  private RunView ask(LocalDate date) {
    return controlPlane.run(new RunRequest("marts", Optional.of(date), false), ANN).run();
  }

  private Run take() {
    return ((Claim.Taken) journal.claims().claimDue(TestInstallation.CLUSTER).orElseThrow()).run();
  }

  @Test
  void pipelineTellsItsScheduleAndNextTimesWithTheirOffset() {
    PipelineView marts = controlPlane.pipeline("marts");

    assertThat(marts.next())
        .extracting(FireTime::at, FireTime::date)
        .startsWith(
            tuple(OffsetDateTime.parse("2026-10-24T03:30:00+02:00"), DATE),
            tuple(OffsetDateTime.parse("2026-10-25T03:30:00+01:00"), DATE.plusDays(1)))
        .hasSize(5);
    assertThat(marts.schedule().orElseThrow().zone()).isEqualTo("Europe/Berlin");
    assertThat(marts.jobs())
        .containsExactly(
            new PlannedJob("load", List.of(), List.of("s3://lake/load/date={date}/")),
            new PlannedJob("mart", List.of("load"), List.of()));
    assertThat(marts.definition().orElseThrow()).startsWith("schedule:");
    assertThat(controlPlane.pipelines())
        .singleElement()
        .extracting(PipelineView::definition)
        .isEqualTo(Optional.empty());
  }

  @Test
  void faultOfAnEditedFileIsTold() throws IOException {
    installation.write("pipelines/marts.yaml", "cluster: main\njbos: {}\n");
    settings.pipelines().look();

    assertThat(controlPlane.pipeline("marts").faults()).anyMatch(fault -> fault.contains("jbos"));
  }

  @Test
  void pauseIsToldWithItsReasonAndEnded() {
    assertThat(controlPlane.pause("marts", ANN).pause())
        .contains(new PauseView(clock.instant(), "ann", "the source is down"));
    controlPlane.pause("marts", new Asker("bob", ""));
    assertThat(controlPlane.pipeline("marts").pause().orElseThrow().by()).isEqualTo("ann");

    assertThat(controlPlane.resume("marts", CatchUp.NONE, ANN).pause()).isEmpty();
  }

  @Test
  void costIsToldByClusterPipelineAndRun() throws IOException {
    installation.set("caravan.cluster.main.price.hour", "36, 72 from 2026-10-25");
    installation.set("caravan.cluster.main.price.disks-hour", "1");
    installation.limit("{ month: 5, warn-at: 20 }");
    ControlPlane priced =
        new JournalControlPlane(
            installation.read(), journal, clock, ShippedJobLogs.of(settings.s3()));
    ask(DATE);
    Run run = take();
    journal.sessions().open(run, TestInstallation.CLUSTER, true);
    journal.statuses().seen(run, "RUNNING");
    journal.jobs().submitting(run, "load", attempt -> "key-" + attempt);
    clock.pass(Duration.ofSeconds(100));

    CostView cost = priced.cost(Optional.empty());

    ClusterCostView cluster = cost.clusters().get(0);
    assertThat(cluster.currency()).contains("RUB");
    assertThat(cluster.sessions()).isEqualTo(1);
    assertThat(cluster.phases().get(Phase.JOBS).time()).hasSeconds(100);
    assertThat(cluster.used().orElseThrow()).isEqualByComparingTo("1");
    assertThat(cluster.now().orElseThrow()).isEqualByComparingTo("1");
    assertThat(cluster.disks().orElseThrow())
        .as("23 days and 100 s")
        .isEqualByComparingTo("552.0278");
    assertThat(cost.runs())
        .singleElement()
        .satisfies(
            share -> {
              assertThat(share.run()).isEqualTo(run.id());
              assertThat(share.amount().orElseThrow()).isEqualByComparingTo("1");
            });
    assertThat(cost.pipelines())
        .extracting(PipelineCostView::pipeline, PipelineCostView::runs)
        .containsExactly(tuple("marts", 1));
    assertThat(cost.budgets())
        .singleElement()
        .satisfies(
            budget -> {
              assertThat(budget.pipeline()).isEqualTo("marts");
              assertThat(budget.currency()).isEqualTo("RUB");
              assertThat(budget.month()).isEqualTo(5);
              assertThat(budget.spent()).isEqualByComparingTo("1");
              assertThat(budget.state()).isEqualTo(BudgetState.WARNED);
            });
    assertThat(priced.cost(Optional.of(YearMonth.of(2026, 9))).runs()).isEmpty();
    assertThat(controlPlane.cost(Optional.empty()).clusters().get(0))
        .as("without prices")
        .satisfies(
            unpriced -> {
              assertThat(unpriced.time()).hasSeconds(100);
              assertThat(unpriced.used()).isEmpty();
            });
  }

  @Test
  void runIsQueuedOnceAndCancelled() {
    RunAsked asked = controlPlane.run(new RunRequest("marts", Optional.empty(), false), ANN);
    RunAsked again = controlPlane.run(new RunRequest("marts", Optional.of(DATE), false), ANN);

    assertThat(asked.queued()).isTrue();
    assertThat(asked.run().date()).as("yesterday").isEqualTo(DATE);
    assertThat(asked.run().cluster()).contains("main");
    assertThat(again).isEqualTo(new RunAsked(asked.run(), false));
    RunView cancelled = controlPlane.cancel(asked.run().id(), ANN);
    assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
    assertThat(cancelled.failure().orElseThrow()).contains("ann", "the source is down");
    assertThat(controlPlane.cancel(asked.run().id(), ANN)).isEqualTo(cancelled);
  }

  @Test
  void whatDidNotSucceedIsRepairedByAFurtherAttempt() {
    String first = ask(DATE).id();
    assertRefused(
        OperationException.Reason.CONFLICT,
        "nothing to repair",
        () -> controlPlane.repair(first, ANN));
    controlPlane.cancel(first, ANN);

    RunAsked repaired = controlPlane.repair(first, ANN);

    assertThat(repaired.queued()).isTrue();
    assertThat(repaired.run().attempt()).isEqualTo(2);
    assertRefused(
        OperationException.Reason.CONFLICT,
        "marts/2026-10-23/2 is QUEUED",
        () -> controlPlane.repair(first, ANN));
  }

  @Test
  void runTellsStepsJobsAttemptsOutputsSessionAndEvents() {
    RunView asked = ask(DATE);
    Run run = take();
    journal.definitions().keep(run, settings.pipelines().require("marts").text());
    journal.sessions().open(run, TestInstallation.CLUSTER, true);
    journal.statuses().seen(run, "RUNNING");
    journal.runs().step(run, RunStep.SUBMIT_JOB, "load");
    journal.jobs().submitting(run, "load", attempt -> "key-" + attempt);
    journal.jobs().submitted(run, "load", 7);
    journal.jobs().failed(run, "load", Optional.of("application_1"), "exit code 1");
    journal.jobs().submitting(run, "load", attempt -> "key-" + attempt);
    journal.jobs().submitted(run, "load", 8);
    clock.pass(Duration.ofSeconds(40));
    journal.jobs().succeeded(run, "load", Optional.empty());
    journal
        .jobs()
        .verified(
            run,
            "load",
            1,
            1,
            new OutputReport(
                S3Location.of("s3://lake/load/date=2026-10-23/"),
                2,
                300,
                OptionalLong.of(30),
                List.of(),
                Optional.empty(),
                Optional.empty()),
            "");

    RunDetail detail = controlPlane.run(asked.id());

    assertThat(detail.run().state()).isEqualTo(RunState.RUNNING);
    assertThat(detail.steps()).extracting(StepView::step).contains(RunStep.SUBMIT_JOB);
    JobView load = detail.jobs().get(0);
    assertThat(load.state()).contains(JobState.VERIFIED);
    assertThat(load.usual()).contains(Duration.ofSeconds(40));
    assertThat(load.attempts())
        .extracting(AttemptView::attempt, AttemptView::state, AttemptView::batchId)
        .containsExactly(
            tuple(1, JobState.FAILED, Optional.of(7)), tuple(2, JobState.VERIFIED, Optional.of(8)));
    assertThat(load.outputs()).hasSize(1);
    OutputView output = load.outputs().get(0);
    assertThat(output.at()).isEqualTo("s3://lake/load/date=2026-10-23/");
    assertThat(output.contract().orElseThrow().minRows()).isEqualTo(3);
    assertThat(output.found()).contains(new FoundOutput(2, 2, 300, Optional.of(30L)));
    JobView mart = detail.jobs().get(1);
    assertThat(mart.state()).as("not submitted yet").isEmpty();
    assertThat(mart.needs()).containsExactly("load");
    assertThat(detail.session().orElseThrow().runs()).containsExactly(asked.id());
    assertThat(detail.events()).extracting(EventView::run).containsOnly(Optional.of(asked.id()));
    ClusterView cluster = controlPlane.cluster("main");
    assertThat(cluster.running()).contains(detail.run());
    assertThat(cluster.status().orElseThrow().status()).isEqualTo("RUNNING");
    assertThat(cluster.stopOwed()).isTrue();
    assertThat(controlPlane.session(detail.session().orElseThrow().id()))
        .isEqualTo(detail.session().orElseThrow());
  }

  @Test
  void runsComeInPagesThatMeet() {
    for (int day = 0; day < 5; day++) {
      ask(DATE.minusDays(day));
      clock.pass(Duration.ofSeconds(1));
    }
    List<LocalDate> dates = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    int pages = 0;
    do {
      ListPage<RunView> page = controlPlane.runs(RunFilter.ALL, new PageRequest(cursor, 2));
      page.items().forEach(run -> dates.add(run.date()));
      cursor = page.next();
      pages++;
    } while (cursor.isPresent());

    assertThat(pages).isEqualTo(3);
    assertThat(dates)
        .containsExactly(
            DATE.minusDays(4), DATE.minusDays(3), DATE.minusDays(2), DATE.minusDays(1), DATE);
  }

  @Test
  void backfillIsExpectedToCostItsTimeAtThePriceOfNow() throws IOException {
    installation.set("caravan.cluster.main.price.hour", "7200, 3600 from 2026-10-01");
    installation.set("caravan.cluster.main.price.start", "5");
    ControlPlane priced =
        new JournalControlPlane(
            installation.read(), journal, clock, ShippedJobLogs.of(settings.s3()));
    BackfillRequest request =
        new BackfillRequest(
            "marts", DATE.minusDays(3), DATE.minusDays(2), BackfillPlan.Only.UNFINISHED, false);
    assertThat(priced.planBackfill(request).amount()).as("without experience").isEmpty();
    ask(DATE.minusDays(1));
    Run run = take();
    journal.sessions().open(run, TestInstallation.CLUSTER, true);
    clock.pass(Duration.ofSeconds(100));
    journal.statuses().seen(run, "RUNNING");
    for (String job : List.of("load", "mart")) {
      journal.jobs().submitting(run, job, attempt -> job + "-" + attempt);
      journal.jobs().submitted(run, job, 1);
      clock.pass(Duration.ofSeconds(25));
      journal.jobs().succeeded(run, job, Optional.empty());
    }
    journal.runs().end(run, RunState.SUCCEEDED, Optional.empty());
    journal.sessions().stopAsked(run);
    clock.pass(Duration.ofSeconds(40));
    journal.sessions().stopped(run);

    BackfillPlanView plan = priced.planBackfill(request);

    assertThat(plan.toRun()).isEqualTo(2);
    assertThat(plan.clusterTime().orElseThrow()).hasSeconds(100 + 2 * 50 + 40);
    assertThat(plan.amount().orElseThrow())
        .as("a second costs one, and a start five")
        .isEqualByComparingTo("245");
    assertThat(plan.currency()).contains("RUB");
    assertThat(controlPlane.planBackfill(request).amount()).as("without prices").isEmpty();
  }

  @Test
  void backfillShowsItsPlanThenRunsAndCanBePausedResumedCancelled() {
    BackfillRequest request =
        new BackfillRequest("marts", DATE.minusDays(2), DATE, BackfillPlan.Only.UNFINISHED, false);
    assertThat(controlPlane.planBackfill(request).toRun())
        .as("the slot of the last date has not come")
        .isEqualTo(2);

    BackfillView begun = controlPlane.backfill(request, ANN).backfill().orElseThrow();

    assertThat(begun.runs()).isEqualTo(Map.of(RunState.QUEUED, 2));
    assertThat(controlPlane.pauseBackfill(begun.id(), ANN).state()).isEqualTo(BackfillState.PAUSED);
    assertThat(controlPlane.resumeBackfill(begun.id(), ANN).state())
        .isEqualTo(BackfillState.RUNNING);
    assertThat(controlPlane.cancelBackfill(begun.id(), ANN).runs())
        .isEqualTo(Map.of(RunState.CANCELLED, 2));
    assertRefused(
        OperationException.Reason.CONFLICT,
        "can't become",
        () -> controlPlane.resumeBackfill(begun.id(), ANN));
    assertThat(controlPlane.backfills(Optional.of("marts"), PageRequest.first(10)).items())
        .containsExactly(controlPlane.backfill(begun.id()));
    assertThat(controlPlane.backfill(request, ANN).backfill().orElseThrow().id())
        .as("cancelled dates are unfinished")
        .isNotEqualTo(begun.id());
  }

  @Test
  void clusterThatWasLeftRunningIsOwedItsStopWhenAPersonAsks() {
    assertRefused(
        OperationException.Reason.CONFLICT,
        "No run of this journal has used",
        () -> controlPlane.stopCluster("main", ANN));
    RunView asked = ask(DATE);
    Run run = take();
    journal.sessions().open(run, TestInstallation.CLUSTER, false);
    assertRefused(
        OperationException.Reason.CONFLICT,
        "in use by run " + asked.id(),
        () -> controlPlane.stopCluster("main", ANN));
    journal.sessions().leftRunning(run, "others work there");
    journal.runs().end(run, RunState.SUCCEEDED, Optional.empty());
    journal.claims().endSession(TestInstallation.CLUSTER);
    assertThat(controlPlane.cluster("main").stopOwed()).isFalse();

    ClusterView owed = controlPlane.stopCluster("main", ANN);

    assertThat(owed.stopOwed()).isTrue();
    assertThat(journal.sessions().forgotten(List.of(), List.of(TestInstallation.CLUSTER)))
        .as("what the reconciler looks for")
        .extracting(session -> session.id())
        .containsExactly(owed.session().orElseThrow().id());
    assertThat(controlPlane.stopCluster("main", ANN)).isEqualTo(owed);
    assertThat(controlPlane.run(asked.id()).events())
        .last()
        .extracting(EventView::detail)
        .isEqualTo("asked by ann: the source is down");
  }

  @Test
  void alarmIsToldInWords() {
    journal.alarms().raise(AlarmKind.BROKEN_DEFINITION, "marts.yaml", "line 3");

    assertThat(controlPlane.alarms())
        .singleElement()
        .extracting(AlarmView::sentence)
        .isEqualTo(
            "the pipeline file marts.yaml is broken, its last good version stays in use: line 3");
  }

  @Test
  void whatIsNotThereIsRefusedInWords() {
    OperationException.Reason none = OperationException.Reason.NOT_FOUND;
    assertRefused(none, "did you mean marts?", () -> controlPlane.pipeline("mart"));
    assertRefused(none, "no run marts/x", () -> controlPlane.run("marts/x"));
    assertRefused(none, "no run marts/x", () -> controlPlane.cancel("marts/x", ANN));
    assertRefused(none, "no cluster 'big'", () -> controlPlane.cluster("big"));
    assertRefused(none, "no session 99", () -> controlPlane.session(99));
    assertRefused(none, "no backfill 99", () -> controlPlane.pauseBackfill(99, ANN));
    String run = ask(DATE).id();
    assertRefused(
        none,
        "no job load was submitted",
        () -> controlPlane.log(new LogRequest(run, "load", Optional.empty(), 0, 10)));
    OperationException.Reason invalid = OperationException.Reason.INVALID;
    assertRefused(invalid, "limit", () -> PageRequest.first(501));
    assertRefused(
        invalid,
        "cursor",
        () -> controlPlane.runs(RunFilter.ALL, new PageRequest(Optional.of("?"), 5)));
    assertRefused(
        invalid,
        "before its first",
        () ->
            controlPlane.planBackfill(
                new BackfillRequest(
                    "marts", DATE, DATE.minusDays(1), BackfillPlan.Only.ALL, false)));
  }
}
