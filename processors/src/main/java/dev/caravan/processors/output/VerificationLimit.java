package dev.caravan.processors.output;

import dev.caravan.processors.RetryableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.CamelContext;

/** Ends a verification of many calls when it takes too long or Caravan is told to stop. */
final class VerificationLimit {
  private final CamelContext camel;
  private final Clock clock;
  private final Duration longest;
  private final Instant end;

  VerificationLimit(CamelContext camel, Clock clock, Duration longest) {
    this.camel = camel;
    this.clock = clock;
    this.longest = longest;
    this.end = clock.instant().plus(longest);
  }

  void require() {
    if (camel.isStopping()) {
      throw new RetryableException("Caravan is stopping; the output was not checked to its end.");
    }
    if (!clock.instant().isBefore(end)) {
      throw new RetryableException(
          "The output was not checked to its end within " + longest.toSeconds() + " s.");
    }
  }
}
