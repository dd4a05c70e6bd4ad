package dev.caravan.processors.batches;

import java.util.Optional;

/**
 * Whether the endpoint takes batches now.
 *
 * @param reason why it is not ready, in its own words or the network's; empty if it is
 */
public record Health(boolean ready, Optional<String> reason) {

  static Health good() {
    return new Health(true, Optional.empty());
  }

  static Health bad(String reason) {
    return new Health(false, Optional.of(reason));
  }
}
