package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.MessageCounter.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of one run.
 *
 * @param moments each disturbance that took place and the step of the run that it hit
 * @param messages how many messages were counted up to the end of the disturbed run
 * @param toStopped from the last death to STOPPED; empty if the cluster was stopped before it
 * @param toLeaseStop the same where the orchestrator was lost, so that only the lease was there
 * @param toEnd from SIGTERM to the end of the process, the longest
 * @param states of the date's runs, in order
 * @param violations one sentence each
 */
record RunReport(
    ChaosPlan plan,
    List<Moment> moments,
    int messages,
    Optional<Duration> toStopped,
    Optional<Duration> toLeaseStop,
    Optional<Duration> toEnd,
    List<String> states,
    List<String> violations) {

  /** Outside of all steps: while the orchestrator boots, between steps, after the run. */
  static final String OUTSIDE = "OUTSIDE";

  /** At a message to the journal, which is told of the end of a step and of the next one. */
  static final String BETWEEN_STEPS = "BETWEEN_STEPS";

  /** Only the endpoint was to be killed, and the cluster was not running. */
  static final String NO_ENDPOINT = "NO_ENDPOINT";

  /**
   * A disturbance that took place.
   *
   * @param message at which it came; empty between two runs
   * @param processStarted when the orchestrator that it hit was started
   */
  record Moment(
      Disturbance disturbance,
      Instant at,
      Optional<Message> message,
      Instant processStarted,
      String step) {}

  /** How many disturbances never came, since the run had fewer messages. */
  int notStruck() {
    return plan.disturbances().size() - moments.size();
  }
}
