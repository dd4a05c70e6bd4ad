package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.schedule.BackfillPlan.Entry;
import dev.caravan.processors.schedule.BackfillPlan.History;
import dev.caravan.processors.schedule.BackfillPlan.Only;
import dev.caravan.processors.schedule.BackfillPlan.Request;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackfillPlanTest {
  /** One date for each way a latest run can stand, from the first of November on. */
  private static final Map<LocalDate, LastRun> RUNS =
      Map.of(
          day(2), LastRun.SKIPPED,
          day(3), LastRun.OPEN,
          day(4), LastRun.SUCCEEDED,
          day(5), LastRun.FAILED,
          day(6), LastRun.INTERRUPTED,
          day(7), LastRun.CANCELLED);

  private static LocalDate day(int day) {
    return LocalDate.of(2026, 11, day);
  }

  private static BackfillPlan plan(Request request) {
    return BackfillPlan.of(
        request, new History(day(20), date -> true, date -> RUNS.getOrDefault(date, LastRun.NONE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"UNFINISHED | 1 2 5 6 7", "MISSING | 1 2", "FAILED | 5 6 7", "ALL | 1 2 4 5 6 7"})
  void runsTheDatesAskedForAndNeverOneThatIsOpen(Only only, String days) {
    assertThat(plan(new Request(day(1), day(7), only, false)).toRun())
        .extracting(date -> "" + date.getDayOfMonth())
        .containsExactly(days.split(" "));
  }

  @Test
  void saysOfEachDateHowItStands() {
    assertThat(plan(new Request(day(1), day(7), Only.MISSING, false)).dates())
        .containsExactly(
            new Entry(day(1), true, "missing"),
            new Entry(day(2), true, "missing: skipped"),
            new Entry(day(3), false, "already queued"),
            new Entry(day(4), false, "done before"),
            new Entry(day(5), false, "failed"),
            new Entry(day(6), false, "failed: interrupted"),
            new Entry(day(7), false, "failed: cancelled"));
  }

  @Test
  void newestFirstTurnsTheOrderRound() {
    assertThat(plan(new Request(day(1), day(6), Only.ALL, true)).toRun())
        .containsExactly(day(6), day(5), day(4), day(2), day(1));
  }

  @Test
  void leavesOutDatesThatAreNotDueOrNotInTheSchedule() {
    Slots mondays = Slots.cron("0 3 * * 1", ZoneOffset.UTC);
    BackfillPlan plan =
        BackfillPlan.of(
            new Request(day(8), day(16), Only.ALL, false),
            new History(
                day(15), date -> mondays.isOn(date.plusDays(1)), date -> LastRun.SUCCEEDED));
    assertThat(plan.toRun()).containsExactly(day(8), day(15));
    assertThat(plan.dates())
        .hasSize(9)
        .contains(new Entry(day(9), false, "not in the schedule"))
        .endsWith(new Entry(day(16), false, "not due yet"));
  }

  @Test
  void asksTheJournalOnlyForDatesThatMayRun() {
    BackfillPlan plan =
        BackfillPlan.of(
            new Request(day(1), day(3), Only.ALL, false),
            new History(
                day(1),
                date -> true,
                date -> {
                  assertThat(date).isEqualTo(day(1));
                  return LastRun.NONE;
                }));
    assertThat(plan.toRun()).containsExactly(day(1));
  }

  @Test
  void spansTenYearsAndNoMore() {
    LocalDate last = day(1).plusDays(3_659);
    assertThat(plan(new Request(day(1), last, Only.ALL, false)).dates()).hasSize(3_660);
    assertThatThrownBy(() -> new Request(day(1), last.plusDays(1), Only.ALL, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The backfill spans 3661 dates, from 2026-11-01 to 2036-11-08; at most 3660 are"
                + " possible. Split it.");
    assertThatThrownBy(() -> new Request(LocalDate.MIN, LocalDate.MAX, Only.ALL, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 3660");
    assertThatThrownBy(() -> new Request(day(2), day(1), Only.ALL, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The backfill's last date 2026-11-01 is before its first date 2026-11-02.");
    assertThat(new Request(day(2), day(2), Only.ALL, false).from()).isEqualTo(day(2));
  }

  @Test
  void chunksAreConsecutiveInTheOrderOfTheRun() {
    List<LocalDate> dates = List.of(day(9), day(8), day(5), day(2), day(1));
    assertThat(BackfillPlan.chunks(dates, 2))
        .containsExactly(List.of(day(9), day(8)), List.of(day(5), day(2)), List.of(day(1)));
    assertThat(BackfillPlan.chunks(dates, Integer.MAX_VALUE)).containsExactly(dates);
    assertThat(BackfillPlan.chunks(List.of(), 3)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void refusesChunksOfNoDate(int together) {
    assertThatThrownBy(() -> BackfillPlan.chunks(List.of(day(1)), together))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one date");
  }

  @Property
  void chunksLoseNothingAndAreFullButTheLast(
      @ForAll @IntRange(max = 200) int dates, @ForAll @IntRange(min = 1, max = 60) int together) {
    List<LocalDate> all = day(1).datesUntil(day(1).plusDays(dates)).toList();
    List<List<LocalDate>> chunks = BackfillPlan.chunks(all, together);
    assertThat(chunks.stream().flatMap(Collection::stream)).containsExactlyElementsOf(all);
    assertThat(chunks).hasSize(BackfillPlan.applications(dates, together));
    for (int i = 0; i < chunks.size() - 1; i++) {
      assertThat(chunks.get(i)).hasSize(together);
    }
    assertThat(chunks).noneMatch(List::isEmpty);
  }
}
