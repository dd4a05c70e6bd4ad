package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.Cause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A run that is asked for.
 *
 * @param afresh run a date that has succeeded once more, and redo jobs that are verified already
 * @param dueAt empty: it is no run of the queue, but of the session that asks for it
 * @param askedBy the person, if it was one
 */
record NewRun(
    String pipeline,
    LocalDate date,
    String clusterId,
    boolean afresh,
    Optional<Cause> cause,
    Optional<Instant> dueAt,
    Optional<String> askedBy,
    Optional<Long> backfillId) {

  /** For the session that asks. */
  static NewRun ofSession(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    return new NewRun(
        pipeline,
        date,
        clusterId,
        afresh,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same once more. */
  static NewRun like(Run run) {
    return new NewRun(
        run.pipeline(),
        run.logicalDate(),
        run.clusterId().orElse(""),
        run.afresh(),
        run.cause(),
        run.dueAt(),
        run.askedBy(),
        run.backfillId());
  }
}
