package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Notification.Kind;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.DoneBy;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slots;
import dev.caravan.processors.schedule.Timetable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the journal promises of its outbox, whatever its database. */
abstract class OutboxContract extends QueueContract {
  private static final Duration LEASE = Duration.ofMinutes(2);

  private final String ops = "ops-" + pipeline;
  private final String monitor = "ping:" + pipeline;

  @BeforeEach
  void address() {
    Addressing addressing =
        new Addressing() {
          @Override
          public List<String> ofAlarm(AlarmKind kind, Optional<String> about) {
            return about.isEmpty() || about.get().equals(pipeline) ? List.of(ops) : List.of();
          }

          @Override
          public List<String> ofRuns(String about) {
            return about.equals(pipeline) ? List.of(monitor) : List.of();
          }
        };
    journal.outbox().address(addressing);
    other.outbox().address(addressing);
  }

  @AfterEach
  void addressNobody() {
    journal.outbox().address(Addressing.nobody());
    other.outbox().address(Addressing.nobody());
  }

  private List<Notification> take(String target) {
    return journal.outbox().take(List.of(target), List.of(), LEASE);
  }

  private Notification one(String target) {
    List<Notification> taken = take(target);
    assertThat(taken).hasSize(1);
    return taken.get(0);
  }

  private void send(String target, Kind kind) {
    Notification next = one(target);
    assertThat(next.kind()).isEqualTo(kind);
    journal.outbox().sent(List.of(next), Duration.ZERO);
  }

  private Run fail(String why) {
    by("ann", DATE);
    Run run = take();
    TestRuns.end(journal, run, RunState.FAILED, Optional.of(why));
    return run;
  }

  private Alarm alarm() {
    return journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().startsWith(pipeline))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void failureIsTakenOnceWithItsCauseAndItsRun() {
    Run run = fail("load: no space left");
    Notification taken = one(ops);

    assertThat(taken.kind()).isEqualTo(Kind.ALARM_RAISED);
    assertThat(taken.runId()).contains(run.id());
    assertThat(taken.detail()).isEqualTo("load: no space left");
    assertThat(taken.attempts()).isEqualTo(1);
    assertThat(taken.urgent()).isFalse();
    assertThat(journal.outbox().alarm(taken).orElseThrow().key())
        .isEqualTo(new Alarm.Key(AlarmKind.RUN_FAILED, pipeline + "/" + DATE));
    assertThat(take(ops)).as("it is under way").isEmpty();
    assertThat(alarm().sentAt()).isEmpty();

    journal.outbox().sent(List.of(taken), Duration.ZERO);
    CLOCK.pass(Duration.ofDays(1));
    assertThat(take(ops)).isEmpty();
    assertThat(alarm().sentAt()).isPresent();
  }

  @Test
  void dateThatFailsAgainIsTheSameAlarmAndItsSuccessTheRecovery() {
    fail("first");
    send(ops, Kind.ALARM_RAISED);
    fail("second");
    assertThat(take(ops)).as("told once").isEmpty();
    assertThat(alarm().detail()).isEqualTo("second");

    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);

    send(ops, Kind.ALARM_CLEARED);
    assertThat(take(ops)).isEmpty();
    fail2();
    send(ops, Kind.ALARM_RAISED);
  }

  /** A date that has succeeded is run again, and fails: that is another alarm. */
  private void fail2() {
    journal.queue().add(pipeline, cluster, DATE, true, "ann");
    TestRuns.end(journal, take(), RunState.FAILED, Optional.of("third"));
  }

  @Test
  void anotherDatesSuccessIsNoRecovery() {
    fail("first");
    send(ops, Kind.ALARM_RAISED);
    by("ann", DATE.minusDays(1));
    end(take(), RunState.SUCCEEDED);

    assertThat(take(ops)).isEmpty();
    assertThat(alarm().clearedAt()).isEmpty();
  }

  @Test
  void neitherACancelledNorAnInterruptedRunIsAFailure() {
    by("ann", DATE);
    end(take(), RunState.INTERRUPTED);
    journal.runs().cancel(by("ann", DATE).id(), "ann", "");

    assertThat(take(ops)).isEmpty();
  }

  @Test
  void recoveryNeverComesBeforeItsAlarm() {
    fail("first");
    Notification raised = one(ops);
    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);
    assertThat(take(ops)).as("the alarm is not delivered yet").isEmpty();

    journal.outbox().retry(List.of(raised), Duration.ofSeconds(10), true, "refused");
    assertThat(take(ops)).isEmpty();
    CLOCK.pass(Duration.ofSeconds(10));
    Notification again = one(ops);
    assertThat(again.kind()).isEqualTo(Kind.ALARM_RAISED);
    assertThat(again.attempts()).isEqualTo(2);
    assertThat(again.plain()).isTrue();
    journal.outbox().sent(List.of(again), Duration.ZERO);
    send(ops, Kind.ALARM_CLEARED);
  }

  @Test
  void whatAProcessThatDiedHadTakenIsDueAgainAfterItsLease() {
    fail("first");
    one(ops);
    CLOCK.pass(LEASE.minusSeconds(1));
    assertThat(take(ops)).isEmpty();
    CLOCK.pass(Duration.ofSeconds(1));

    assertThat(other.outbox().take(List.of(ops), List.of(), LEASE))
        .extracting(Notification::attempts)
        .containsExactly(2);
  }

  @Test
  void givenUpIsNotTakenAgainAndHasNoRecovery() {
    fail("first");
    journal.outbox().giveUp(List.of(one(ops)), "it answered 400");
    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);
    CLOCK.pass(Duration.ofDays(2));

    assertThat(take(ops)).isEmpty();
  }

  @Test
  void quietTargetGetsOnlyWhatIsUrgentAndTheRestLater() {
    fail("first");
    journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, "no permission");
    List<String> targets = List.of(ops);

    List<Notification> urgent = journal.outbox().take(targets, targets, LEASE);
    assertThat(urgent).extracting(Notification::urgent).containsExactly(true);
    journal.outbox().sent(urgent, Duration.ZERO);
    assertThat(journal.outbox().take(targets, targets, LEASE)).isEmpty();
    send(ops, Kind.ALARM_RAISED);
  }

  @Test
  void targetThatAsksForItIsLeftAlone() {
    fail("first");
    journal.outbox().hold(ops, Duration.ofSeconds(30));
    assertThat(take(ops)).isEmpty();
    CLOCK.pass(Duration.ofSeconds(30));
    assertThat(take(ops)).hasSize(1);
  }

  @Test
  void whatIsOfATargetThatIsNotThereWaits() {
    fail("first");
    assertThat(journal.outbox().take(List.of(), List.of(), LEASE)).isEmpty();
    assertThat(take(ops)).hasSize(1);
  }

  private Backfill backfillOfThree() {
    return journal
        .backfills()
        .begin(
            pipeline,
            cluster,
            new BackfillPlan.Request(
                DATE.minusDays(3), DATE.minusDays(1), BackfillPlan.Only.UNFINISHED, false),
            Optional.of(daily(CatchUp.LAST, Overlap.SKIP)),
            "ann")
        .backfill()
        .orElseThrow();
  }

  private void failNext() {
    TestRuns.end(journal, take(), RunState.FAILED, Optional.of("boom"));
  }

  @Test
  void failuresOfABackfillAreTakenTogetherAtItsEnd() {
    Backfill backfill = backfillOfThree();
    failNext();
    assertThat(take(ops)).as("others may follow").isEmpty();
    failNext();
    end(take(), RunState.SUCCEEDED);

    List<Notification> taken = take(ops);
    assertThat(taken).hasSize(2);
    assertThat(taken).extracting(Notification::backfillId).containsOnly(Optional.of(backfill.id()));
    journal.outbox().sent(taken, Duration.ZERO);
    assertThat(take(ops)).isEmpty();
    assertThat(take(monitor)).as("a backfill says nothing of the schedule").isEmpty();
  }

  @Test
  void longBackfillIsNotWaitedForForEver() {
    backfillOfThree();
    failNext();
    CLOCK.pass(NotificationRows.BACKFILL_COLLECTS);
    assertThat(take(ops)).hasSize(1);
  }

  @Test
  void monitorHearsOfBeginAndEndInOrder() {
    fail("boom");
    Notification start = one(monitor);
    assertThat(start.kind()).isEqualTo(Kind.RUN_STARTED);
    assertThat(take(monitor)).as("not before the start is told").isEmpty();
    journal.outbox().sent(List.of(start), Duration.ZERO);
    Notification end = one(monitor);
    assertThat(end.kind()).isEqualTo(Kind.RUN_FAILED);
    assertThat(end.detail()).isEqualTo("boom");
    journal.outbox().sent(List.of(end), Duration.ZERO);

    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);
    send(monitor, Kind.RUN_STARTED);
    send(monitor, Kind.RUN_SUCCEEDED);
  }

  @Test
  void overdueDateIsToldOnceAndItsSuccessToo() {
    Timetable doneByFour =
        new Timetable(
            Slots.cron("30 3 * * *", ZoneOffset.UTC),
            1,
            CatchUp.LAST,
            Duration.ofDays(7),
            Overlap.QUEUE,
            Optional.empty(),
            Optional.of(new DoneBy(LocalTime.of(4, 0), ZoneOffset.UTC)));
    Run run = due(doneByFour);
    CLOCK.pass(Duration.ofMinutes(30));
    plan(doneByFour);
    plan(doneByFour);

    Notification told = one(ops);
    assertThat(told.runId()).contains(run.id());
    assertThat(journal.outbox().alarm(told).orElseThrow().key())
        .isEqualTo(new Alarm.Key(AlarmKind.RUN_OVERDUE, pipeline + "/" + DATE));
    journal.outbox().sent(List.of(told), Duration.ZERO);
    assertThat(take(ops)).isEmpty();
    end(take(), RunState.SUCCEEDED);
    send(ops, Kind.ALARM_CLEARED);
    assertThat(take(ops)).isEmpty();
  }

  @Test
  void clusterThatNobodyUsesIsUrgentAndItsSessionIsTheEnd() {
    journal.alarms().raise(AlarmKind.RUNNING_UNUSED, cluster, "it has been seen up since");
    List<Notification> told = journal.outbox().take(List.of(ops), List.of(ops), LEASE);
    assertThat(told).extracting(Notification::kind).containsExactly(Kind.ALARM_RAISED);
    journal.outbox().sent(told, Duration.ZERO);
    assertThat(journal.sessions().isUsed(cluster)).isFalse();

    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    assertThat(other.sessions().isUsed(cluster)).isTrue();
    journal.sessions().open(run, cluster, false);
    assertThat(journal.outbox().take(List.of(ops), List.of(ops), LEASE))
        .extracting(Notification::kind)
        .containsExactly(Kind.ALARM_CLEARED);
  }

  @Test
  void budgetsAlarmsAreOfItsPipelineAndComeOnceAMonth() {
    YearMonth month = YearMonth.of(2026, 11);
    journal.budgets().judge(pipeline, month, BudgetState.WARNED, "80 %");
    send(ops, Kind.ALARM_RAISED);
    journal.budgets().judge(pipeline, month, BudgetState.WARNED, "81 %");
    other.budgets().judge(pipeline, month, BudgetState.WARNED, "82 %");
    assertThat(take(ops)).isEmpty();
    journal.budgets().judge(pipeline, month, BudgetState.EXCEEDED, "100 %");
    send(ops, Kind.ALARM_RAISED);
    journal.budgets().judge(pipeline, month.plusMonths(1), BudgetState.WITHIN, "");
    send(ops, Kind.ALARM_CLEARED);
    send(ops, Kind.ALARM_CLEARED);
    assertThat(take(ops)).isEmpty();
  }

  @Test
  void oldMessagesAreDeletedOnceTheirAlarmIsLongOver() throws SQLException {
    fail("first");
    send(ops, Kind.ALARM_RAISED);
    send(monitor, Kind.RUN_STARTED);
    Instant then = CLOCK.instant().plusSeconds(1);
    CLOCK.pass(Duration.ofDays(100));
    journal.outbox().deleteEnded(then);
    fail("second");
    assertThat(take(ops)).as("the alarm goes on, and was told").isEmpty();

    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);
    journal.outbox().deleteEnded(CLOCK.instant().plusSeconds(1));
    assertThat(one(ops).kind()).as("its end is not told yet").isEqualTo(Kind.ALARM_CLEARED);
    CLOCK.pass(LEASE);
    send(ops, Kind.ALARM_CLEARED);
    assertThat(messagesTo(ops)).isEqualTo(2);
    journal.outbox().deleteEnded(CLOCK.instant().minus(Duration.ofDays(1)));
    assertThat(messagesTo(ops)).as("not old enough").isEqualTo(2);
    journal.outbox().deleteEnded(CLOCK.instant().plusSeconds(1));
    assertThat(messagesTo(ops)).isZero();
    assertThat(messagesTo(monitor)).as("what isn't delivered stays").isEqualTo(5);
  }

  private int messagesTo(String target) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement query =
            connection.prepareStatement("select count(*) from notification where target = ?")) {
      query.setString(1, target);
      ResultSet rows = query.executeQuery();
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void brokenFileIsOfItsPipeline() {
    journal.alarms().raise(AlarmKind.BROKEN_DEFINITION, pipeline + ".yaml", "line 2");
    send(ops, Kind.ALARM_RAISED);
    journal.alarms().clear(AlarmKind.BROKEN_DEFINITION, pipeline + ".yaml");
    send(ops, Kind.ALARM_CLEARED);
  }
}
