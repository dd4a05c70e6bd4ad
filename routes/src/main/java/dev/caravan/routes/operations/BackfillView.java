package dev.caravan.routes.operations;

import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.RunState;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * A backfill.
 *
 * @param from the first logical date that was asked for
 * @param to the last, included
 * @param reason why it is paused, held or cancelled
 * @param runs how many of its runs are in which state; states without any are left out
 */
public record BackfillView(
    long id,
    String pipeline,
    String cluster,
    LocalDate from,
    LocalDate to,
    boolean newestFirst,
    BackfillState state,
    Optional<String> reason,
    String askedBy,
    Instant createdAt,
    Optional<Instant> endedAt,
    Map<RunState, Integer> runs) {

  public BackfillView {
    runs = Map.copyOf(runs);
  }
}
