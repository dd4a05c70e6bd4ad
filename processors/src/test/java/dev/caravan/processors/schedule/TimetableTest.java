package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.schedule.DoneBy.DueDate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a date is to be done. */
class TimetableTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final int MANY = 1_000;

  private static Timetable cron(String expression, ZoneId zone, String doneBy) {
    return timetable(Slots.cron(expression, zone), zone, doneBy);
  }

  /** For the date before each slot. */
  private static Timetable timetable(Slots slots, ZoneId zone, String doneBy) {
    return new Timetable(
        slots,
        1,
        CatchUp.LAST,
        Duration.ofDays(7),
        Overlap.QUEUE,
        Optional.empty(),
        Optional.of(new DoneBy(LocalTime.parse(doneBy), zone)));
  }

  private static List<DueDate> deadlines(Timetable timetable, String after, String upTo) {
    return timetable.deadlines(Instant.parse(after), Instant.parse(upTo), MANY);
  }

  private static DueDate due(String date, String deadline) {
    return new DueDate(LocalDate.parse(date), Instant.parse(deadline));
  }

  @ParameterizedTest
  @CsvSource({
    "30 3 * * *, 07:00, 2026-11-10, 2026-11-11T07:00:00Z",
    // On the next day, since the slot is not before it.
    "30 23 * * *, 07:00, 2026-11-09, 2026-11-11T07:00:00Z",
    "0 7 * * *, 07:00, 2026-11-09, 2026-11-11T07:00:00Z",
    // The first of several slots makes the date due.
    "0 * * * *, 07:00, 2026-11-10, 2026-11-11T07:00:00Z",
    "30 3;9 * * *, 07:00, 2026-11-10, 2026-11-11T07:00:00Z",
  })
  void deadlineIsTheFirstSuchTimeAfterTheDatesFirstSlot(
      String cron, String doneBy, String date, String deadline) {
    Timetable timetable = cron(cron.replace(';', ','), ZoneOffset.UTC, doneBy);

    assertThat(deadlines(timetable, "2026-11-11T06:59:59Z", "2026-11-11T07:00:00Z"))
        .containsExactly(due(date, deadline));
    assertThat(deadlines(timetable, "2026-11-11T07:00:00Z", "2026-11-12T06:59:59Z")).isEmpty();
  }

  @Test
  void periodsHaveDeadlinesToo() {
    Timetable timetable = timetable(Slots.every(Duration.ofMinutes(15), BERLIN), BERLIN, "07:00");

    assertThat(deadlines(timetable, "2026-11-11T05:00:00Z", "2026-11-11T12:00:00Z"))
        .containsExactly(due("2026-11-10", "2026-11-11T06:00:00Z"));
  }

  @Test
  void datesWithoutASlotHaveNone() {
    Timetable mondays = cron("30 3 * * 1", ZoneOffset.UTC, "07:00");

    assertThat(deadlines(mondays, "2026-11-01T00:00:00Z", "2026-11-17T00:00:00Z"))
        .containsExactly(
            due("2026-11-01", "2026-11-02T07:00:00Z"),
            due("2026-11-08", "2026-11-09T07:00:00Z"),
            due("2026-11-15", "2026-11-16T07:00:00Z"));
  }

  @Test
  void onlyTheLatestAreKept() {
    Timetable daily = cron("30 3 * * *", ZoneOffset.UTC, "07:00");

    assertThat(
            daily.deadlines(
                Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2026-11-11T08:00:00Z"), 2))
        .containsExactly(
            due("2026-11-09", "2026-11-10T07:00:00Z"), due("2026-11-10", "2026-11-11T07:00:00Z"));
  }

  @Test
  void withoutATimeNothingIsWaitedFor() {
    Timetable timetable =
        new Timetable(
            Slots.cron("30 3 * * *", BERLIN),
            1,
            CatchUp.LAST,
            Duration.ofDays(7),
            Overlap.QUEUE,
            Optional.empty(),
            Optional.empty());

    assertThat(deadlines(timetable, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z")).isEmpty();
  }

  /** In the night of 2026-03-29 the clocks skip 02:00 to 03:00. */
  @Test
  void timeThatTheClocksSkipComesLater() {
    Timetable timetable = cron("0 1 * * *", BERLIN, "02:30");

    assertThat(deadlines(timetable, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
        .containsExactly(due("2026-03-28", "2026-03-29T01:30:00Z"));
  }

  @Test
  void slotThatTheClocksSkipHasItsDeadline() {
    Timetable timetable = cron("30 2 * * *", BERLIN, "07:00");

    assertThat(deadlines(timetable, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
        .containsExactly(due("2026-03-28", "2026-03-29T05:00:00Z"));
  }

  /** On 2026-10-25 they show 02:00 to 03:00 twice. */
  @Test
  void ofATimeThatTheClocksRepeatTheSecondCounts() {
    Timetable timetable = cron("15 2 * * *", BERLIN, "02:30");

    assertThat(deadlines(timetable, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"))
        .containsExactly(due("2026-10-24", "2026-10-25T01:30:00Z"));
  }

  /** Any two looks that follow each other find each date once, whenever they are made. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 1_443})
  void noLookFindsADateTwiceOrMissesOne(int minutes) {
    for (String doneBy : List.of("02:30", "00:00", "23:59", "07:00")) {
      Timetable timetable = cron("0 2 * * *", BERLIN, doneBy);
      Instant from = Instant.parse("2026-10-20T00:00:00Z");
      Instant end = from.plus(Duration.ofDays(10));
      List<LocalDate> found = new ArrayList<>();
      Instant looked = from;
      while (looked.isBefore(end)) {
        Instant now = looked.plus(Duration.ofMinutes(minutes));
        timetable.deadlines(looked, now, MANY).forEach(each -> found.add(each.date()));
        looked = now;
      }

      assertThat(found)
          .isEqualTo(timetable.deadlines(from, looked, MANY).stream().map(DueDate::date).toList())
          .doesNotHaveDuplicates()
          .hasSizeBetween(10, 12);
    }
  }

  @Test
  void deadlineIsAlwaysAfterTheFirstSlot() {
    for (String zone : List.of("Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia")) {
      Timetable timetable = cron("0 0 * * *", ZoneId.of(zone), "00:30");
      for (DueDate each : deadlines(timetable, "2011-01-01T00:00:00Z", "2018-12-31T00:00:00Z")) {
        Slot slot = timetable.slots().firstOn(each.date().plusDays(1)).orElseThrow();
        assertThat(each.deadline()).as(zone + " " + each).isAfter(slot.at());
      }
    }
  }
}
