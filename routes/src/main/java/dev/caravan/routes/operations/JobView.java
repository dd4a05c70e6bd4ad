package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A job of a run.
 *
 * @param needs the jobs that must have succeeded before
 * @param state of the latest attempt; empty: it was not submitted
 * @param usual how long it usually takes from its submission to its success
 */
public record JobView(
    String name,
    List<String> needs,
    Optional<JobState> state,
    Optional<Duration> usual,
    List<AttemptView> attempts,
    List<OutputView> outputs) {

  public JobView {
    needs = List.copyOf(needs);
    attempts = List.copyOf(attempts);
    outputs = List.copyOf(outputs);
  }

  /** Empty: it was not submitted. */
  public Optional<AttemptView> lastAttempt() {
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
  }
}
