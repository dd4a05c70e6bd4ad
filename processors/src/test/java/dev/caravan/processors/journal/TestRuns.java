package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/** Claims of runs for tests, which fail if somebody else has the date or the cluster. */
public final class TestRuns {
  private TestRuns() {}

  /** On a cluster that no other date or pipeline uses. */
  public static Run claim(Journal journal, String pipeline, LocalDate date, boolean afresh) {
    return claim(journal, pipeline, date, "c-" + pipeline + "-" + date, afresh);
  }

  public static Run claim(
      Journal journal, String pipeline, LocalDate date, String clusterId, boolean afresh) {
    Claim claim = journal.claims().claim(pipeline, date, clusterId, afresh);
    if (claim instanceof Claim.Taken taken) {
      return taken.run();
    }
    throw new AssertionError("not claimed: " + claim);
  }

  /** A run that a session asked for and has begun. */
  public static Run running(
      String pipeline, LocalDate date, int attempt, String clusterId, Instant startedAt) {
    return new Run(
        pipeline + "/" + date + "/" + attempt,
        pipeline,
        date,
        attempt,
        Optional.of(clusterId),
        false,
        RunState.RUNNING,
        Optional.empty(),
        startedAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Ends the run and then its session. */
  public static void end(Journal journal, Run run, RunState state, Optional<String> failure) {
    journal.runs().end(run, state, failure);
    run.clusterId().ifPresent(journal.claims()::endSession);
  }
}
