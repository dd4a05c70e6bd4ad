package dev.caravan.processors.batches;

import dev.caravan.shared.batches.SelfStop;
import java.util.Optional;

/**
 * Whether the endpoint takes batches now.
 *
 * @param reason why it is not ready, in its own words or the network's; empty if it is
 * @param stopping why it is stopping its cluster, if it says that it is
 */
public record Health(boolean ready, Optional<String> reason, Optional<SelfStop> stopping) {

  static Health good() {
    return new Health(true, Optional.empty(), Optional.empty());
  }

  static Health bad(String reason) {
    return new Health(false, Optional.of(reason), Optional.empty());
  }
}
