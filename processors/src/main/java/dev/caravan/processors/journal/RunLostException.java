package dev.caravan.processors.journal;

import dev.caravan.shared.FatalException;

/**
 * The run at hand is another orchestrator's now: this process was too slow to renew its claim. It
 * must not touch the run's batches, cluster or record any more.
 */
public final class RunLostException extends FatalException {
  private static final long serialVersionUID = 1L;

  /**
   * @param holder the run's id, or the session in words
   */
  RunLostException(String holder) {
    super(
        (holder.contains("/") ? "Run " : "The ")
            + holder
            + " was taken over by another orchestrator, since this one did not renew its claim in time (caravan.claim.ttl); this one leaves it alone.");
  }
}
