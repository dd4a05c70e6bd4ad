package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.schedule.Decision.Queue;
import dev.caravan.processors.schedule.Decision.Replace;
import dev.caravan.processors.schedule.Decision.Skip;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DueRuleTest {
  private static final Slots DAILY = Slots.cron("30 3 * * *", ZoneOffset.UTC);
  private static final Duration WEEK = Duration.ofDays(7);

  /** A day of November 2026. */
  private static LocalDate day(int day) {
    return LocalDate.of(2026, 11, day);
  }

  /** The slot of that day. */
  private static Instant slot(int day) {
    return day(day).atTime(3, 30).toInstant(ZoneOffset.UTC);
  }

  private static Timetable timetable(CatchUp catchUp, Overlap overlap) {
    return timetable(DAILY, catchUp, WEEK, overlap);
  }

  /** For the date before each slot. */
  private static Timetable timetable(
      Slots slots, CatchUp catchUp, Duration window, Overlap overlap) {
    return new Timetable(slots, 1, catchUp, window, overlap, Optional.empty(), Optional.empty());
  }

  private static DueLook look(Instant plannedUntil, Instant now, OpenRun... open) {
    return new DueLook(
        Optional.of(plannedUntil), now, Optional.empty(), List.of(open), hasRun(open));
  }

  private static Predicate<LocalDate> hasRun(OpenRun... open) {
    return date -> Stream.of(open).anyMatch(run -> run.date().equals(date));
  }

  private static DueLook paused(Instant plannedUntil, Instant now) {
    return new DueLook(
        Optional.of(plannedUntil),
        now,
        Optional.of(new PipelinePause(slot(1), "ann", "source is down")),
        List.of(),
        date -> false);
  }

  private static OpenRun queued(int day) {
    return new OpenRun("queued-" + day, day(day), false);
  }

  private static OpenRun running(int day) {
    return new OpenRun("running-" + day, day(day), true);
  }

  private static Queue scheduled(int slot) {
    return new Queue(slot(slot), day(slot - 1), Cause.SCHEDULE);
  }

  private static Queue caughtUp(int slot) {
    return new Queue(slot(slot), day(slot - 1), Cause.CATCH_UP);
  }

  private static Skip skip(int slot, String reason) {
    return new Skip(slot(slot), day(slot - 1), reason);
  }

  private static List<Decision> decide(Timetable timetable, DueLook look) {
    DuePlan plan = DueRule.decide(timetable, look);
    assertThat(plan.plannedUntil()).isEqualTo(look.now());
    assertThat(plan.leftOut()).isEmpty();
    return plan.decisions();
  }

  @Test
  void aSlotIsQueuedForItsLogicalDateOnceItHasCome() {
    Timetable timetable = timetable(CatchUp.NONE, Overlap.QUEUE);
    assertThat(decide(timetable, look(slot(9), slot(10).minusNanos(1)))).isEmpty();
    assertThat(decide(timetable, look(slot(9), slot(10)))).containsExactly(scheduled(10));
    assertThat(decide(timetable, look(slot(10), slot(10).plusSeconds(10)))).isEmpty();
    assertThat(
            decide(
                new Timetable(
                    DAILY,
                    0,
                    CatchUp.NONE,
                    WEEK,
                    Overlap.QUEUE,
                    Optional.empty(),
                    Optional.empty()),
                look(slot(9), slot(10))))
        .containsExactly(new Queue(slot(10), day(10), Cause.SCHEDULE));
  }

  @Test
  void aNewPipelineHasNothingDueEvenAtItsOwnSlot() {
    DueLook look =
        new DueLook(Optional.empty(), slot(10), Optional.empty(), List.of(), date -> false);
    assertThat(decide(timetable(CatchUp.ALL, Overlap.QUEUE), look)).isEmpty();
  }

  @Test
  void aClockThatWentBackPlansNothingTwice() {
    assertThat(DueRule.decide(timetable(CatchUp.ALL, Overlap.QUEUE), look(slot(11), slot(9))))
        .isEqualTo(new DuePlan(List.of(), slot(11), Optional.empty()));
  }

  @Test
  void aSlotIsOnTimeForFiveMinutes() {
    Timetable timetable = timetable(CatchUp.NONE, Overlap.QUEUE);
    assertThat(decide(timetable, look(slot(9), slot(10).plus(DueRule.ON_TIME))))
        .containsExactly(scheduled(10));
    assertThat(decide(timetable, look(slot(9), slot(10).plus(DueRule.ON_TIME).plusNanos(1))))
        .containsExactly(skip(10, "missed; catch-up is none"));
  }

  @Test
  void withoutCatchUpMissedSlotsAreSkippedAndTheOneOnTimeIsQueued() {
    assertThat(decide(timetable(CatchUp.NONE, Overlap.QUEUE), look(slot(7), slot(10))))
        .containsExactly(
            skip(8, "missed; catch-up is none"),
            skip(9, "missed; catch-up is none"),
            scheduled(10));
  }

  @Test
  void catchUpOfTheLastQueuesTheLatestMissed() {
    String reason = "missed; catch-up is last, and a later date was missed, too";
    assertThat(decide(timetable(CatchUp.LAST, Overlap.QUEUE), look(slot(6), slot(10))))
        .containsExactly(skip(7, reason), skip(8, reason), caughtUp(9), scheduled(10));
    assertThat(
            decide(
                timetable(CatchUp.LAST, Overlap.QUEUE), look(slot(8), slot(10).plusSeconds(600))))
        .containsExactly(skip(9, reason), caughtUp(10));
  }

  @Test
  void catchUpOfTheLastPromotesNoEarlierDateWhenTheLatestIsDone() {
    DueLook look =
        new DueLook(
            Optional.of(slot(7)),
            slot(9).plusSeconds(600),
            Optional.empty(),
            List.of(),
            day(8)::equals);
    assertThat(decide(timetable(CatchUp.LAST, Overlap.QUEUE), look))
        .containsExactly(skip(8, "missed; catch-up is last, and a later date was missed, too"));
  }

  @Test
  void catchUpOfAllQueuesWhatLiesWithinTheWindow() {
    Timetable timetable = timetable(DAILY, CatchUp.ALL, Duration.ofHours(48), Overlap.QUEUE);
    String reason = "missed; older than the catch-up window of 48h";
    assertThat(decide(timetable, look(slot(6), slot(10))))
        .containsExactly(skip(7, reason), caughtUp(8), caughtUp(9), scheduled(10));
    assertThat(
            decide(
                timetable(DAILY, CatchUp.LAST, Duration.ofHours(1), Overlap.QUEUE),
                look(slot(9), slot(10).plusSeconds(3_601))))
        .containsExactly(skip(10, "missed; older than the catch-up window of 1h"));
  }

  @Test
  void aDateThatIsDoneOrOpenNeedsNoDecision() {
    DueLook look =
        new DueLook(
            Optional.of(slot(5)),
            slot(10),
            Optional.empty(),
            List.of(running(5), queued(7)),
            List.of(day(5), day(6), day(7), day(9))::contains);
    // The slots of 6 to 10 are of the dates 5 to 9; only 8 is left.
    assertThat(decide(timetable(CatchUp.ALL, Overlap.QUEUE), look)).containsExactly(caughtUp(9));
  }

  @Test
  void onlyTheLatestSlotOfADateCounts() {
    Slots hourly = Slots.cron("0 * * * *", ZoneOffset.UTC);
    Instant now = day(10).atTime(5, 0).toInstant(ZoneOffset.UTC);
    assertThat(
            DueRule.decide(
                    timetable(hourly, CatchUp.ALL, WEEK, Overlap.QUEUE),
                    look(now.minus(Duration.ofDays(2)), now))
                .decisions())
        .containsExactly(
            new Queue(day(8).atTime(23, 0).toInstant(ZoneOffset.UTC), day(7), Cause.CATCH_UP),
            new Queue(day(9).atTime(23, 0).toInstant(ZoneOffset.UTC), day(8), Cause.CATCH_UP),
            new Queue(now, day(9), Cause.SCHEDULE));
  }

  @ParameterizedTest
  @EnumSource(Overlap.class)
  void withoutAnOpenRunTheOverlapMakesNoDifference(Overlap overlap) {
    assertThat(decide(timetable(CatchUp.NONE, overlap), look(slot(9), slot(10))))
        .containsExactly(scheduled(10));
  }

  @Test
  void queueOneSkipsWhatMeetsAQueuedRunAndQueuesBehindARunningOne() {
    Timetable timetable = timetable(CatchUp.ALL, Overlap.QUEUE_ONE);
    assertThat(decide(timetable, look(slot(9), slot(10), running(1))))
        .containsExactly(scheduled(10));
    assertThat(decide(timetable, look(slot(9), slot(10), running(1), queued(2))))
        .containsExactly(skip(10, "the run of 2026-11-02 is queued already; overlap is queue-one"));
    assertThat(decide(timetable, look(slot(8), slot(10), running(1))))
        .containsExactly(
            caughtUp(9), skip(10, "the run of 2026-11-08 is queued already; overlap is queue-one"));
  }

  @Test
  void overlapSkipSkipsWhatMeetsAnyOpenRun() {
    Timetable timetable = timetable(CatchUp.ALL, Overlap.SKIP);
    assertThat(decide(timetable, look(slot(9), slot(10), running(1))))
        .containsExactly(skip(10, "the run of 2026-11-01 is still open; overlap is skip"));
    assertThat(decide(timetable, look(slot(9), slot(10), queued(2))))
        .containsExactly(skip(10, "the run of 2026-11-02 is still open; overlap is skip"));
    assertThat(decide(timetable, look(slot(8), slot(10))))
        .containsExactly(
            caughtUp(9), skip(10, "the run of 2026-11-08 is still open; overlap is skip"));
  }

  @Test
  void replaceCancelsTheOpenRunsAndQueuesOnlyTheLatest() {
    Timetable timetable = timetable(CatchUp.ALL, Overlap.REPLACE);
    assertThat(decide(timetable, look(slot(8), slot(10), running(1), queued(2))))
        .containsExactly(
            skip(9, "replaced by the run of 2026-11-09; overlap is replace"),
            new Replace(slot(10), day(9), Cause.SCHEDULE, List.of("running-1", "queued-2")));
    assertThat(decide(timetable, look(slot(8), slot(10))))
        .containsExactly(
            skip(9, "replaced by the run of 2026-11-09; overlap is replace"), scheduled(10));
  }

  @Test
  void whatIsSkippedAnywayCancelsNothing() {
    assertThat(
            decide(
                timetable(CatchUp.NONE, Overlap.REPLACE),
                look(slot(9), slot(10).plusSeconds(600), running(1))))
        .containsExactly(skip(10, "missed; catch-up is none"));
  }

  @Test
  void aPausedPipelinesSlotsAreSkippedAndNeverCaughtUp() {
    Timetable timetable = timetable(CatchUp.ALL, Overlap.QUEUE);
    DuePlan first = DueRule.decide(timetable, paused(slot(7), slot(9).plusSeconds(1)));
    assertThat(first.decisions())
        .containsExactly(
            skip(8, "paused by ann: source is down"), skip(9, "paused by ann: source is down"));

    // Resumed: only what comes from now on.
    DuePlan second =
        DueRule.decide(timetable, look(first.plannedUntil(), slot(10).minusSeconds(60)));
    assertThat(second.decisions()).isEmpty();
    assertThat(decide(timetable, look(second.plannedUntil(), slot(10))))
        .containsExactly(scheduled(10));
    assertThat(new PipelinePause(slot(1), "ann", " ").reason()).isEqualTo("paused by ann");
  }

  @Test
  void aNightWithoutTheTimeAndANightWithTwoOfItHaveTheirDateOnce() {
    Slots slots = Slots.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));
    for (LocalDate night : List.of(LocalDate.of(2026, 3, 29), LocalDate.of(2026, 10, 25))) {
      List<LocalDate> dates = new ArrayList<>();
      Instant plannedUntil = Instant.parse(night.minusDays(1) + "T12:00:00Z");
      for (int minute = 1; minute <= 24 * 60; minute++) {
        DuePlan plan =
            DueRule.decide(
                timetable(slots, CatchUp.NONE, WEEK, Overlap.QUEUE),
                look(plannedUntil, plannedUntil.plusSeconds(60)));
        plan.decisions().forEach(decision -> dates.add(decision.date()));
        plannedUntil = plan.plannedUntil();
      }
      assertThat(dates).containsExactly(night.minusDays(1));
    }
  }

  @Test
  void oneDecidesTheLatestThousandDatesAndSumsUpTheOlder() {
    Instant now = slot(10);
    Instant after = now.minus(Duration.ofDays(1_500));
    DuePlan plan =
        DueRule.decide(
            timetable(DAILY, CatchUp.ALL, Duration.ofDays(10_000), Overlap.QUEUE),
            look(after, now));
    assertThat(plan.decisions()).hasSize(1_000).allMatch(Queue.class::isInstance);
    assertThat(plan.decisions().get(0).date()).isEqualTo(day(9).minusDays(999));
    assertThat(plan.decisions().get(999)).isEqualTo(scheduled(10));
    assertThat(plan.leftOut())
        .contains(new DuePlan.LeftOut(day(9).minusDays(1_499), day(9).minusDays(1_000), 500));
    assertThat(plan.leftOut().get().sentence())
        .isEqualTo(
            "500 missed dates from 2022-10-02 to 2024-02-13 are left out: one planning decides the"
                + " latest 1,000 dates. Backfill them if they are needed.");
    assertThat(
            DueRule.decide(
                    timetable(CatchUp.ALL, Overlap.QUEUE),
                    look(now.minus(Duration.ofDays(1_000)), now))
                .leftOut())
        .isEmpty();
  }

  @Property(tries = 200)
  void howeverOftenItIsPlannedEachDateIsDecidedOnce(
      @ForAll @Size(max = 30) List<@IntRange(max = 50) Integer> hours) {
    Set<LocalDate> decided = new HashSet<>();
    Instant begin = slot(1).minusSeconds(1);
    Instant plannedUntil = begin;
    for (int hour : hours) {
      DuePlan plan =
          DueRule.decide(
              timetable(CatchUp.ALL, Overlap.QUEUE),
              look(plannedUntil, plannedUntil.plusSeconds(hour * 3_600L)));
      plan.decisions()
          .forEach(
              decision -> assertThat(decided.add(decision.date())).as("%s", decision).isTrue());
      plannedUntil = plan.plannedUntil();
    }
    assertThat(decided)
        .hasSize(
            (int) Duration.between(begin, plannedUntil).plusHours(24).minusSeconds(1).toDays());
  }
}
