package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Load;

/** Rejects a load unless all responses had the expected status. */
final class StatusCheck {
  private StatusCheck() {}

  static Load all(Load load) {
    if (load.failures() > 0) {
      throw new IllegalStateException(
          "%,d of %,d responses had an unexpected status: nothing was measured."
              .formatted(load.failures(), load.latencies().getTotalCount()));
    }
    return load;
  }
}
