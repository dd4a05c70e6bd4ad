package dev.caravan.processors.steps;

import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.ElapsedClock;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a job of the run at hand has come, as far as this process knows, and when there is
 * something to do for it next. For one thread at a time, like the context that holds it.
 */
final class JobWork {
  /** What is to be done next. */
  enum Progress {
    /** To be submitted: for the first time, anew, or to learn what became of it. */
    TO_SUBMIT,
    SUBMITTED,
    /** Its batch has succeeded, its outputs are to be checked. */
    TO_VERIFY,
    VERIFIED,
    FAILED,
    /** A job that it needs has failed. */
    NOT_RUN;

    /** Whether something is left to do. */
    boolean isActive() {
      return this == TO_SUBMIT || this == SUBMITTED || this == TO_VERIFY;
    }
  }

  private Progress progress = Progress.TO_SUBMIT;
  private int attempt = 1;
  private Optional<Duration> due = Optional.empty();
  private Optional<RunValues> values = Optional.empty();
  private int outputsVerified;
  private Optional<Integer> batchToldToEnd = Optional.empty();
  private Optional<RunStep> step = Optional.empty();

  Progress progress() {
    return progress;
  }

  boolean is(Progress other) {
    return progress == other;
  }

  /** The number of the attempt, from 1. */
  int attempt() {
    return attempt;
  }

  /**
   * When something is to be done next, as a time of {@link ElapsedClock#elapsed}; empty: at once.
   */
  Optional<Duration> due() {
    return due;
  }

  /** Nothing is to be done before this time of {@link ElapsedClock#elapsed}. */
  void dueAt(Duration time) {
    due = Optional.of(time);
  }

  /** The next thing to do is another, and it is due at once. */
  void come(Progress next, int ofAttempt) {
    progress = next;
    attempt = ofAttempt;
    due = Optional.empty();
    if (next == Progress.TO_VERIFY) {
      outputsVerified = 0;
    }
  }

  /** What the placeholders stand for in this attempt; empty before its submission. */
  Optional<RunValues> values() {
    return values;
  }

  void resolveBy(RunValues ofAttempt) {
    values = Optional.of(ofAttempt);
  }

  int outputsVerified() {
    return outputsVerified;
  }

  void outputVerified() {
    outputsVerified++;
  }

  void tellToEnd(int batch) {
    batchToldToEnd = Optional.of(batch);
  }

  boolean isToldToEnd(int batch) {
    return batchToldToEnd.filter(told -> told == batch).isPresent();
  }

  /**
   * @return whether the step is another than before
   */
  boolean enter(RunStep next) {
    boolean entered = step.filter(next::equals).isEmpty();
    step = Optional.of(next);
    return entered;
  }
}
