package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.ResourceManager;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has time: finding application ids of running batches, and forgetting batches that ended long
 * ago.
 */
public final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration IDS = Duration.ofSeconds(1);
  private static final Duration FORGET_AT_MOST = Duration.ofHours(1);

  private final BatchBook book;
  private final ApplicationIds ids;
  private final Duration keepFinished;
  private final Clock clock;
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "batch-upkeep"));

  /** Begins at once. */
  public Upkeep(
      BatchBook book, Optional<ResourceManager> yarn, Duration keepFinished, Clock clock) {
    this.book = book;
    this.ids = new ApplicationIds(yarn);
    this.keepFinished = keepFinished;
    this.clock = clock;
    Duration tenth = keepFinished.dividedBy(10);
    every(IDS, this::findIds);
    every(tenth.compareTo(FORGET_AT_MOST) > 0 ? FORGET_AT_MOST : tenth, this::forget);
  }

  private void every(Duration delay, Runnable task) {
    Future<?> forever =
        background.scheduleWithFixedDelay(task, 0, delay.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("Every {}: {}", delay, forever);
  }

  private void findIds() {
    try {
      book.living().stream()
          .filter(batch -> batch.state() == BatchState.RUNNING && batch.applicationId().isEmpty())
          .forEach(batch -> ids.find(batch).ifPresent(id -> batch.applicationId(Optional.of(id))));
    } catch (RuntimeException e) {
      LOG.error("Looking for application ids failed; the next look follows in {}.", IDS, e);
    }
  }

  private void forget() {
    try {
      book.forget(clock.instant().minus(keepFinished));
    } catch (IOException | RuntimeException e) {
      LOG.error("Old batches could not be deleted; the next try follows.", e);
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
  }
}
