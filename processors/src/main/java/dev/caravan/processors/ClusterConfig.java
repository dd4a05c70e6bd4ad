package dev.caravan.processors;

import java.time.Duration;
import java.util.Optional;

/**
 * The cluster a pipeline runs on.
 *
 * @param poll longest time between two looks
 * @param fastPoll shortest time between two looks, near the moment at which a change is expected
 * @param startTimeout how long it may take until it is running
 * @param aliveTimeout how long a running one may take until its health is ALIVE
 * @param stopTimeout how long it may take until it is stopped
 * @param unusedAlarm how long it may be up without a session before that is an alarm; empty: as
 *     long as it likes
 */
public record ClusterConfig(
    String id,
    Duration poll,
    Duration fastPoll,
    Duration startTimeout,
    Duration aliveTimeout,
    Duration stopTimeout,
    StopPolicy stopPolicy,
    Optional<Duration> unusedAlarm) {

  /** Which clusters are stopped at the end of a run. */
  public enum StopPolicy {
    /** Those that Caravan started, unless others work on them. */
    OURS,
    /** Also one that was found running, or on which others work. */
    ALWAYS
  }

  public PollPace pace() {
    return new PollPace(fastPoll, poll);
  }
}
