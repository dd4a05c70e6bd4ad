package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronSlotsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Zones with a year that has a clock change, two of them at midnight. */
  record Year(String zone, int year) {
    Instant start() {
      return LocalDate.of(year, 1, 1).atStartOfDay(ZoneId.of(zone)).toInstant();
    }

    Instant end() {
      return LocalDate.of(year + 1, 1, 1).atStartOfDay(ZoneId.of(zone)).toInstant();
    }
  }

  static List<Year> years() {
    return List.of(
        new Year("Europe/Berlin", 2026),
        new Year("America/Sao_Paulo", 2017),
        new Year("America/Sao_Paulo", 2018),
        new Year("Australia/Lord_Howe", 2026),
        new Year("UTC", 2026),
        new Year("Africa/Cairo", 2024),
        new Year("America/Santiago", 2024),
        new Year("Pacific/Apia", 2011));
  }

  private static List<Slot> slots(String cron, Year year) {
    // The start itself is included.
    return TestSlots.between(
        Slots.cron(cron, ZoneId.of(year.zone())),
        year.start().minusNanos(1),
        year.end().minusNanos(1));
  }

  @ParameterizedTest
  @MethodSource("years")
  void aDailyTimeComesOnceForEachDateOfTheYear(Year year) {
    for (String cron : List.of("30 2 * * *", "0 0 * * *", "15 0 * * *", "30 23 * * *")) {
      List<Slot> slots = slots(cron, year);
      assertThat(slots)
          .as(cron)
          .extracting(Slot::date)
          .containsExactlyElementsOf(
              LocalDate.of(year.year(), 1, 1)
                  .datesUntil(LocalDate.of(year.year() + 1, 1, 1))
                  .toList());
      for (int i = 1; i < slots.size(); i++) {
        if (!slots.get(i).date().equals(LocalDate.of(2011, 12, 31))) {
          assertThat(slots.get(i).at()).as(cron).isAfter(slots.get(i - 1).at());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("years")
  void theSlotsAreThoseThatAClockShowsOrSkips(Year year) {
    List<String> crons =
        List.of(
            "30 2 * * *",
            "0 0 * * *",
            "15 0 * * *",
            "0 * * * *",
            "*/20 * * * *",
            "0 3 * * 1",
            "0 3 1 * *",
            "0 0 29 2 *",
            "10 2 13 * 5");
    ZoneId zone = ZoneId.of(year.zone());
    Instant after = year.start().minusSeconds(60);
    List<List<Slot>> expected = MinuteByMinute.slots(crons, zone, after, year.end());
    for (int i = 0; i < crons.size(); i++) {
      Slots slots = Slots.cron(crons.get(i), zone);
      assertThat(TestSlots.between(slots, after, year.end()))
          .as(crons.get(i))
          .isEqualTo(expected.get(i));
      assertThat(latestOfEachDate(slots, after, year.end()))
          .as(crons.get(i))
          .isEqualTo(latestOfEachDate(expected.get(i)));
    }
  }

  /** Backwards from date to date, as the due dates are found. */
  private static List<Slot> latestOfEachDate(Slots slots, Instant after, Instant upTo) {
    List<Slot> found = new ArrayList<>();
    Optional<Slot> slot = slots.latest(upTo);
    while (slot.filter(each -> each.at().isAfter(after)).isPresent()) {
      found.add(0, slot.get());
      slot = slots.latestBefore(slot.get().date());
    }
    return found;
  }

  private static List<Slot> latestOfEachDate(List<Slot> slots) {
    Map<LocalDate, Slot> latest = new TreeMap<>();
    slots.forEach(slot -> latest.put(slot.date(), slot));
    return List.copyOf(latest.values());
  }

  @Property(tries = 100)
  void anyExpressionIsReadAsUnixReadsIt(@ForAll("expressions") String cron) {
    Instant after = Instant.parse("2028-02-24T10:07:00Z");
    Instant upTo = Instant.parse("2028-03-27T00:00:00Z");
    List<Slot> expected = MinuteByMinute.slots(cron, BERLIN, after, upTo);
    Slots slots = Slots.cron(cron, BERLIN);
    assertThat(TestSlots.between(slots, after, upTo)).isEqualTo(expected);
    assertThat(latestOfEachDate(slots, after, upTo)).isEqualTo(latestOfEachDate(expected));
    if (!expected.isEmpty()) {
      Slot last = expected.get(expected.size() - 1);
      assertThat(slots.latest(upTo)).contains(last);
      assertThat(slots.isOn(last.date())).isTrue();
    }
    for (LocalDate date = LocalDate.of(2028, 2, 26);
        date.isBefore(LocalDate.of(2028, 3, 10));
        date = date.plusDays(1)) {
      LocalDate day = date;
      assertThat(slots.isOn(day))
          .as("on %s", day)
          .isEqualTo(expected.stream().anyMatch(slot -> slot.date().equals(day)));
    }
  }

  @Provide
  Arbitrary<String> expressions() {
    return Combinators.combine(minutes(), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
        .as(
            (minute, hour, day, month, weekday) ->
                String.join(" ", minute, hour, day, month, weekday));
  }

  /** Few of the 60, so that a try looks at thousands of slots and not at tens of thousands. */
  private static Arbitrary<String> minutes() {
    return Arbitraries.integers()
        .between(0, 59)
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(values -> String.join(",", values.stream().map(Object::toString).toList()));
  }

  private static Arbitrary<String> field(int low, int high) {
    Arbitrary<Integer> value = Arbitraries.integers().between(low, high);
    Arbitrary<String> range =
        value.flatMap(
            from ->
                Arbitraries.integers()
                    .between(from, high)
                    .map(to -> from.equals(to) ? "" + from : from + "-" + to));
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just("*")),
        Tuple.of(3, value.map(Object::toString)),
        Tuple.of(1, range),
        Tuple.of(
            1,
            value
                .list()
                .uniqueElements()
                .ofMinSize(2)
                .ofMaxSize(4)
                .map(values -> String.join(",", values.stream().map(Object::toString).toList()))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A skipped time comes at the end of the gap, and remembers what was meant.
        "30 2 * * * | Europe/Berlin       | 2026-03-29T00:00Z | 2026-03-29T01:00:00Z | 2026-03-29T02:30",
        "0 0 * * *  | America/Sao_Paulo   | 2017-10-14T12:00Z | 2017-10-15T03:00:00Z | 2017-10-15T00:00",
        "15 0 * * * | Africa/Cairo        | 2024-04-25T12:00Z | 2024-04-25T22:00:00Z | 2024-04-26T00:15",
        "15 2 * * * | Australia/Lord_Howe | 2026-10-03T12:00Z | 2026-10-03T15:30:00Z | 2026-10-04T02:15",
        "*/20 * * * *| Australia/Lord_Howe| 2026-10-03T15:20Z | 2026-10-03T15:30:00Z | 2026-10-04T02:20",
        "*/20 * * * *| Australia/Lord_Howe| 2026-10-03T15:30Z | 2026-10-03T15:40:00Z | 2026-10-04T02:40",
        // A repeated time comes the first time.
        "30 2 * * * | Europe/Berlin       | 2026-10-24T12:00Z | 2026-10-25T00:30:00Z | 2026-10-25T02:30",
        "30 23 * * *| America/Sao_Paulo   | 2018-02-17T12:00Z | 2018-02-18T01:30:00Z | 2018-02-17T23:30",
        "45 1 * * * | Australia/Lord_Howe | 2026-04-04T12:00Z | 2026-04-04T14:45:00Z | 2026-04-05T01:45",
        // After the first of two, the second is no slot.
        "30 2 * * * | Europe/Berlin       | 2026-10-25T00:30Z | 2026-10-26T01:30:00Z | 2026-10-26T02:30",
        "0 0 29 2 * | UTC                 | 2025-01-01T00:00Z | 2028-02-29T00:00:00Z | 2028-02-29T00:00",
        "0 0 1 * 1  | UTC                 | 2026-11-23T00:00Z | 2026-11-30T00:00:00Z | 2026-11-30T00:00",
        "0 0 1 * 1  | UTC                 | 2026-11-30T00:00Z | 2026-12-01T00:00:00Z | 2026-12-01T00:00",
        "0 0 * * 7  | UTC                 | 2026-11-23T00:00Z | 2026-11-29T00:00:00Z | 2026-11-29T00:00",
        "0 0 * * SUN| UTC                 | 2026-11-23T00:00Z | 2026-11-29T00:00:00Z | 2026-11-29T00:00",
        "0 0 1 JUL *| UTC                 | 2026-11-23T00:00Z | 2027-07-01T00:00:00Z | 2027-07-01T00:00",
      })
  void theNextSlotIs(String cron, String zone, String after, Instant at, LocalDateTime local) {
    assertThat(Slots.cron(cron, ZoneId.of(zone)).next(OffsetDateTime.parse(after).toInstant(), 1))
        .containsExactly(new Slot(at, local));
  }

  @Test
  void anHourlyScheduleHasOneSlotWhereTheClocksSkipAndPausesWhereTheyRepeat() {
    Slots hourly = Slots.cron("0 * * * *", BERLIN);
    assertThat(hourly.next(Instant.parse("2026-03-28T23:30:00Z"), 3))
        .extracting(Slot::at, Slot::local)
        .containsExactly(
            tuple(Instant.parse("2026-03-29T00:00:00Z"), LocalDateTime.parse("2026-03-29T01:00")),
            tuple(Instant.parse("2026-03-29T01:00:00Z"), LocalDateTime.parse("2026-03-29T03:00")),
            tuple(Instant.parse("2026-03-29T02:00:00Z"), LocalDateTime.parse("2026-03-29T04:00")));
    assertThat(hourly.next(Instant.parse("2026-10-25T00:00:00Z"), 2))
        .extracting(Slot::at)
        .containsExactly(
            Instant.parse("2026-10-25T02:00:00Z"), Instant.parse("2026-10-25T03:00:00Z"));
  }

  @Test
  void aSkippedDayKeepsItsSlotBesideTheNextDays() {
    Instant change = Instant.parse("2011-12-30T10:00:00Z");
    assertThat(
            TestSlots.between(
                Slots.cron("0 0 * * *", ZoneId.of("Pacific/Apia")), change.minusSeconds(1), change))
        .containsExactly(
            new Slot(change, LocalDateTime.parse("2011-12-30T00:00")),
            new Slot(change, LocalDateTime.parse("2011-12-31T00:00")));
  }

  @Test
  void theNextSlotsAreAfterAnInstantAndTheLatestIsAtItOrBefore() {
    Slots daily = Slots.cron("30 3 * * *", ZoneOffset.UTC);
    Instant slot = Instant.parse("2026-11-29T03:30:00Z");
    assertThat(daily.next(slot.minusNanos(1), 1)).extracting(Slot::at).containsExactly(slot);
    assertThat(daily.next(slot, 1)).extracting(Slot::at).containsExactly(slot.plusSeconds(86_400));
    assertThat(daily.next(slot, 0)).isEmpty();
    assertThat(daily.latest(slot.minusNanos(1))).map(Slot::at).contains(slot.minusSeconds(86_400));
    assertThat(daily.latest(slot)).map(Slot::at).contains(slot);
    assertThat(daily.latestBefore(LocalDate.of(2026, 11, 29)))
        .map(Slot::local)
        .contains(LocalDate.of(2026, 11, 28).atTime(LocalTime.of(3, 30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "0 0 * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "every day",
        "@daily",
        "0 0 ? * *",
        "0 0 L * *"
      })
  void refusesWhatIsNoFiveFieldExpression(String cron) {
    assertThatThrownBy(() -> Slots.cron(cron, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + cron + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
  void refusesAnExpressionThatNeverComes(String cron) {
    assertThatThrownBy(() -> Slots.cron(cron, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never comes");
  }
}
