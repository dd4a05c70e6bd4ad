package dev.caravan.processors.output;

import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import org.apache.camel.CamelContext;

/** Ends a verification of many calls when it takes too long or Caravan is stopping. */
final class VerificationLimit {
  private final CamelContext camel;
  private final ElapsedClock clock;
  private final Duration longest;
  private final Duration end;

  VerificationLimit(CamelContext camel, ElapsedClock clock, Duration longest) {
    this.camel = camel;
    this.clock = clock;
    this.longest = longest;
    this.end = clock.elapsed().plus(longest);
  }

  void require() {
    if (camel.isStopping()) {
      throw new RetryableException("Caravan is stopping; the output was not completely verified.");
    }
    if (clock.elapsed().compareTo(end) >= 0) {
      throw new RetryableException(
          "The output was not completely verified within " + longest.toSeconds() + " s.");
    }
  }
}
