package dev.caravan.routes.operations;

import dev.caravan.processors.journal.RunEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param id grows with each event, with gaps
 * @param run empty: it is of no run
 * @param subject what it happened to: a job, a cluster status, a pipeline, a backfill
 */
public record EventView(
    long id, Optional<String> run, Instant at, RunEvent.Kind kind, String subject, String detail) {
  /** The same as the journal has it. */
  public RunEvent event() {
    return new RunEvent(run.orElse(""), at, kind, subject, detail);
  }
}
