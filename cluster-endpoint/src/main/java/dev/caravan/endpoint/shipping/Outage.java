package dev.caravan.endpoint.shipping;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once that S3 doesn't accept logs, and once that it does again. For one thread. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final Clock clock;
  private Optional<Instant> since = Optional.empty();

  Outage(Clock clock) {
    this.clock = clock;
  }

  void failed(LogStoreException failure, int logs) {
    if (since.isEmpty()) {
      since = Optional.of(clock.instant());
      LOG.warn(
          "S3 doesn't take logs, {} of them wait on the local disk; trying on: {}",
          logs,
          failure.getMessage());
    } else {
      LOG.debug("S3 still doesn't take logs.", failure);
    }
  }

  void over() {
    since.ifPresent(
        begin ->
            LOG.info("S3 takes logs again, after {}.", Duration.between(begin, clock.instant())));
    since = Optional.empty();
  }

  boolean isOn() {
    return since.isPresent();
  }
}
