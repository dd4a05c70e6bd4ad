package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Load;

/** A load counts only if every answer was the one that was wanted. */
final class StatusCheck {
  private StatusCheck() {}

  static Load all(Load load) {
    if (load.failures() > 0) {
      throw new IllegalStateException(
          "%,d of %,d answers had another status than wanted: nothing was measured."
              .formatted(load.failures(), load.latencies().getTotalCount()));
    }
    return load;
  }
}
