package dev.caravan.processors.journal;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs are asked for; what is empty restricts nothing.
 *
 * @param from the first logical date
 * @param to the last logical date, included
 */
public record RunFilter(
    Optional<String> pipeline,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Set<RunState> states,
    Optional<Long> backfillId) {

  /** Every run. */
  public static final RunFilter ALL =
      new RunFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

  /**
   * The runs in these states.
   *
   * @param pipeline empty: of all
   * @param date the logical date; empty: of all
   * @param states none: all
   */
  public static RunFilter of(
      Optional<String> pipeline, Optional<LocalDate> date, RunState... states) {
    return new RunFilter(pipeline, date, date, Set.of(states), Optional.empty());
  }

  /** The runs of a backfill. */
  public static RunFilter ofBackfill(long id) {
    return new RunFilter(
        Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Optional.of(id));
  }

  public RunFilter {
    states = Set.copyOf(states);
  }
}
