package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EverySlotsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void aDayIsTwentyFourElapsedHoursWhateverTheClocksDo() {
    Slots daily = Slots.every(Duration.ofHours(24), BERLIN);
    assertThat(daily.next(Instant.parse("2026-03-27T12:00:00Z"), 3))
        .containsExactly(
            new Slot(
                Instant.parse("2026-03-27T23:00:00Z"), LocalDateTime.parse("2026-03-28T00:00")),
            new Slot(
                Instant.parse("2026-03-28T23:00:00Z"), LocalDateTime.parse("2026-03-29T00:00")),
            new Slot(
                Instant.parse("2026-03-29T23:00:00Z"), LocalDateTime.parse("2026-03-30T01:00")));
  }

  @Test
  void quartersOfAnHourAreTheFullOnes() {
    Slots quarters = Slots.every(Duration.ofMinutes(15), BERLIN);
    Instant half = Instant.parse("2026-11-29T10:30:00Z");
    assertThat(quarters.next(half, 2))
        .extracting(Slot::at)
        .containsExactly(half.plusSeconds(900), half.plusSeconds(1_800));
    assertThat(quarters.latest(half)).map(Slot::at).contains(half);
    assertThat(quarters.latest(half.minusNanos(1))).map(Slot::at).contains(half.minusSeconds(900));
    assertThat(quarters.latestBefore(LocalDate.of(2026, 11, 29)))
        .map(Slot::local)
        .contains(LocalDateTime.parse("2026-11-28T23:45"));
  }

  @Test
  void secondsAreWorkedOutOverCenturies() {
    Instant late = Instant.parse("2626-11-29T10:30:00Z");
    assertThat(Slots.every(Duration.ofSeconds(1), ZoneOffset.UTC).next(late, 2))
        .extracting(Slot::at)
        .containsExactly(late.plusSeconds(1), late.plusSeconds(2));
  }

  @Property
  void theSlotsAreTheMultiplesOfThePeriod(
      @ForAll @IntRange(min = 1, max = 5_000) int period,
      @ForAll @LongRange(min = -20_000, max = 20_000) long after,
      @ForAll @IntRange(max = 20) int n) {
    Slots slots = Slots.every(Duration.ofSeconds(period), ZoneOffset.UTC);
    Instant from = Instant.ofEpochSecond(after);
    List<Instant> multiples =
        LongStream.rangeClosed(-20_000 / period - 1, 20_000 / period + 21)
            .mapToObj(index -> Instant.ofEpochSecond(index * period))
            .toList();
    assertThat(slots.next(from, n))
        .extracting(Slot::at)
        .isEqualTo(multiples.stream().filter(at -> at.isAfter(from)).limit(n).toList());
    assertThat(slots.latest(from))
        .map(Slot::at)
        .isEqualTo(
            multiples.stream().filter(at -> !at.isAfter(from)).reduce((earlier, later) -> later));
  }

  @Test
  void aWeeklyPeriodIsOnEachSeventhDate() {
    Slots weekly = Slots.every(Duration.ofDays(7), ZoneOffset.UTC);
    assertThat(
            LocalDate.of(1969, 12, 20).datesUntil(LocalDate.of(1970, 1, 20)).filter(weekly::isOn))
        .containsExactly(
            LocalDate.of(1969, 12, 25),
            LocalDate.of(1970, 1, 1),
            LocalDate.of(1970, 1, 8),
            LocalDate.of(1970, 1, 15));
    assertThat(Slots.every(Duration.ofHours(1), BERLIN).isOn(LocalDate.of(2020, 1, 1))).isTrue();
  }

  @Test
  void refusesAPeriodBelowASecond() {
    assertThatThrownBy(() -> Slots.every(Duration.ofMillis(999), BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1s");
    assertThatThrownBy(() -> Slots.every(Duration.ZERO, BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
