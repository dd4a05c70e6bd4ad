package dev.caravan.processors.batches;

import java.time.Instant;
import java.util.Optional;

/**
 * What the endpoint answered, read whole.
 *
 * @param replayed whether it says that this is the batch of an earlier submission
 * @param date the time by its clock, in whole seconds; empty if it doesn't say
 */
record HttpReply(int status, byte[] body, boolean replayed, Optional<Instant> date) {

  boolean isOk() {
    return status >= 200 && status < 300;
  }
}
