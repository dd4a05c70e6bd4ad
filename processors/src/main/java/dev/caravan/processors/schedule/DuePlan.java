package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is to be written to the journal, in one transaction.
 *
 * @param decisions by due time, the oldest first
 * @param plannedUntil where the next planning goes on
 * @param leftOut the oldest dates, if there were more than one planning decides
 */
public record DuePlan(List<Decision> decisions, Instant plannedUntil, Optional<LeftOut> leftOut) {
  /**
   * Dates that get no row each.
   *
   * @param from the first logical date
   * @param to the last logical date
   * @param count how many dates with a slot lie between, both included
   */
  public record LeftOut(LocalDate from, LocalDate to, long count) {
    /** For the warning. */
    public String sentence() {
      return "%,d missed dates from %s to %s are left out: one planning decides the latest %,d dates. Backfill them if they are needed."
          .formatted(count, from, to, DueRule.MOST_DATES);
    }
  }
}
