package dev.caravan.processors.journal;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/**
 * The one table of what may follow what, for the states of runs, jobs, cluster sessions and
 * backfills. Every change of a state in the journal passes here, under a lock of the row it
 * changes.
 */
final class Transitions {
  private static final Map<Enum<?>, Set<? extends Enum<?>>> TABLE =
      Map.ofEntries(
          entry(
              RunState.QUEUED,
              Set.of(RunState.RUNNING, RunState.FAILED, RunState.INTERRUPTED, RunState.CANCELLED)),
          entry(
              RunState.RUNNING,
              Set.of(
                  RunState.SUCCEEDED, RunState.FAILED, RunState.INTERRUPTED, RunState.CANCELLED)),
          entry(RunState.SUCCEEDED, Set.of()),
          entry(RunState.FAILED, Set.of()),
          entry(RunState.INTERRUPTED, Set.of()),
          entry(RunState.SKIPPED, Set.of()),
          entry(RunState.CANCELLED, Set.of()),
          entry(JobState.SUBMITTING, Set.of(JobState.SUBMITTED, JobState.FAILED, JobState.KILLED)),
          entry(JobState.SUBMITTED, Set.of(JobState.SUCCEEDED, JobState.FAILED, JobState.KILLED)),
          entry(JobState.SUCCEEDED, Set.of(JobState.VERIFIED, JobState.FAILED)),
          entry(JobState.VERIFIED, Set.of()),
          entry(JobState.FAILED, Set.of()),
          entry(JobState.KILLED, Set.of()),
          entry(JobState.UPSTREAM_FAILED, Set.of()),
          entry(SessionState.OPENED, Set.of(SessionState.START_ASKED, SessionState.FOUND_RUNNING)),
          entry(
              SessionState.START_ASKED,
              Set.of(SessionState.RUNNING, SessionState.STOP_ASKED, SessionState.STOPPED)),
          entry(
              SessionState.FOUND_RUNNING, Set.of(SessionState.LEFT_RUNNING, SessionState.STOPPED)),
          entry(
              SessionState.RUNNING,
              Set.of(SessionState.STOP_ASKED, SessionState.LEFT_RUNNING, SessionState.STOPPED)),
          entry(SessionState.STOP_ASKED, Set.of(SessionState.LEFT_RUNNING, SessionState.STOPPED)),
          entry(SessionState.LEFT_RUNNING, Set.of()),
          entry(SessionState.STOPPED, Set.of()),
          entry(
              BackfillState.RUNNING,
              Set.of(
                  BackfillState.PAUSED,
                  BackfillState.HELD,
                  BackfillState.CANCELLED,
                  BackfillState.DONE)),
          entry(
              BackfillState.PAUSED,
              Set.of(BackfillState.RUNNING, BackfillState.CANCELLED, BackfillState.DONE)),
          entry(
              BackfillState.HELD,
              Set.of(BackfillState.RUNNING, BackfillState.CANCELLED, BackfillState.DONE)),
          entry(BackfillState.CANCELLED, Set.of()),
          entry(BackfillState.DONE, Set.of()));

  private Transitions() {}

  /** Whether the table allows it; a state doesn't follow itself. */
  static <S extends Enum<S>> boolean allows(S from, S to) {
    return TABLE.get(from).contains(to);
  }

  /**
   * @param what whose state it is, for the sentence
   * @throws IllegalStateException if the table doesn't allow it
   */
  static <S extends Enum<S>> void require(String what, S from, S to) {
    if (!allows(from, to)) {
      throw new IllegalStateException(what + " is " + from + " and can't become " + to + ".");
    }
  }
}
