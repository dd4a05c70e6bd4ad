package dev.caravan.cloud.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of one run.
 *
 * @param moments each disturbance and the step of the run that it hit
 * @param toStopped from the last death to STOPPED; empty if the cluster was stopped before it
 * @param toLeaseStop the same where the orchestrator was lost, so that only the lease was there
 * @param toEnd from SIGTERM to the end of the process, the longest
 * @param states of the date's runs, in order
 * @param violations one sentence each
 */
record RunReport(
    ChaosPlan plan,
    List<Moment> moments,
    Optional<Duration> toStopped,
    Optional<Duration> toLeaseStop,
    Optional<Duration> toEnd,
    List<String> states,
    List<String> violations) {

  /** A disturbance that took place. */
  record Moment(Disturbance disturbance, Instant at, String step) {}
}
