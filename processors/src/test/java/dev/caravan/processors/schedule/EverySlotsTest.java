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
  private static final Instant FIRST = Instant.parse("2026-03-27T03:30:00.250Z");

  @Test
  void aDayIsTwentyFourElapsedHoursWhateverTheClocksDo() {
    Slots daily = Slots.every(Duration.ofHours(24), FIRST, BERLIN);
    assertThat(daily.next(FIRST.minusNanos(1), 4))
        .containsExactly(
            new Slot(FIRST, LocalDateTime.parse("2026-03-27T04:30:00.250")),
            new Slot(FIRST.plusSeconds(86_400), LocalDateTime.parse("2026-03-28T04:30:00.250")),
            new Slot(FIRST.plusSeconds(172_800), LocalDateTime.parse("2026-03-29T05:30:00.250")),
            new Slot(FIRST.plusSeconds(259_200), LocalDateTime.parse("2026-03-30T05:30:00.250")));
  }

  @Test
  void beginsWithItsFirstSlot() {
    Slots hourly = Slots.every(Duration.ofHours(1), FIRST, ZoneOffset.UTC);
    assertThat(hourly.first()).contains(FIRST);
    assertThat(hourly.latest(FIRST.minusNanos(1))).isEmpty();
    assertThat(hourly.latest(FIRST)).map(Slot::at).contains(FIRST);
    assertThat(hourly.between(Instant.EPOCH, FIRST, 10)).hasSize(1);
    assertThat(hourly.between(FIRST, FIRST.plusSeconds(3_600), 10)).hasSize(1);
    assertThat(hourly.next(Instant.EPOCH, 1)).extracting(Slot::at).containsExactly(FIRST);
    assertThat(hourly.latestBefore(LocalDate.of(2026, 3, 27))).isEmpty();
    assertThat(hourly.latestBefore(LocalDate.of(2026, 3, 28)))
        .map(Slot::local)
        .contains(LocalDateTime.parse("2026-03-27T23:30:00.250"));
  }

  @Test
  void workOutASecondsScheduleOverCenturies() {
    Slots quick = Slots.every(Duration.ofSeconds(1), FIRST, ZoneOffset.UTC);
    Instant late = FIRST.plus(Duration.ofDays(200_000));
    assertThat(quick.between(FIRST, late, 3))
        .extracting(Slot::at)
        .containsExactly(late.minusSeconds(2), late.minusSeconds(1), late);
    assertThat(quick.next(late, 1)).extracting(Slot::at).containsExactly(late.plusSeconds(1));
  }

  @Property
  void theSlotsAreTheMultiplesOfThePeriod(
      @ForAll @IntRange(min = 1, max = 5_000) int period,
      @ForAll @LongRange(min = -20_000, max = 20_000) long after,
      @ForAll @IntRange(max = 20_000) int length,
      @ForAll @IntRange(max = 50) int bound) {
    Slots slots = Slots.every(Duration.ofSeconds(period), FIRST, ZoneOffset.UTC);
    Instant from = FIRST.plusSeconds(after);
    Instant to = from.plusSeconds(length);
    List<Instant> expected =
        LongStream.rangeClosed(0, 40_000 / period)
            .mapToObj(index -> FIRST.plusSeconds(index * period))
            .filter(at -> at.isAfter(from) && !at.isAfter(to))
            .toList();
    assertThat(slots.between(from, to, Integer.MAX_VALUE)).extracting(Slot::at).isEqualTo(expected);
    assertThat(slots.between(from, to, bound))
        .extracting(Slot::at)
        .isEqualTo(expected.subList(Math.max(0, expected.size() - bound), expected.size()));
    assertThat(slots.next(from, expected.size())).extracting(Slot::at).isEqualTo(expected);
  }

  @Test
  void aWeeklyPeriodIsOnEachSeventhDateBeforeItsFirstSlotToo() {
    Slots weekly = Slots.every(Duration.ofDays(7), FIRST, ZoneOffset.UTC);
    assertThat(LocalDate.of(2026, 3, 1).datesUntil(LocalDate.of(2026, 4, 11)).filter(weekly::isOn))
        .containsExactly(
            LocalDate.of(2026, 3, 6),
            LocalDate.of(2026, 3, 13),
            LocalDate.of(2026, 3, 20),
            LocalDate.of(2026, 3, 27),
            LocalDate.of(2026, 4, 3),
            LocalDate.of(2026, 4, 10));
    assertThat(Slots.every(Duration.ofDays(1), FIRST, BERLIN).isOn(LocalDate.of(2020, 1, 1)))
        .isTrue();
  }

  @Test
  void refusesAPeriodBelowASecond() {
    assertThatThrownBy(() -> Slots.every(Duration.ofMillis(999), FIRST, BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1s");
    assertThatThrownBy(() -> Slots.every(Duration.ZERO, FIRST, BERLIN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
