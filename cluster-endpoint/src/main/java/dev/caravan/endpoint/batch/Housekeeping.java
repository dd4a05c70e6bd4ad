package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.shared.batches.BatchState;
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
 * Background work: finds application ids of running batches, kills applications that could not be
 * killed with their batch, and deletes batches that ended long ago.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration IDS = Duration.ofSeconds(1);
  private static final Duration LEFTOVERS = Duration.ofSeconds(5);
  private static final Duration FORGET_AT_MOST = Duration.ofHours(1);

  private final BatchRegistry registry;
  private final ApplicationIds ids;
  private final BatchKiller killer;
  private final Duration keepFinished;
  private final Clock steady;
  private final ScheduledExecutorService background =
      Executors.newScheduledThreadPool(2, task -> new Thread(task, "batch-housekeeping"));

  /**
   * Begins at once.
   *
   * @param steady runs evenly, whatever is done to the machine's clock
   */
  public Housekeeping(
      BatchRegistry registry, Optional<ResourceManager> yarn, Duration keepFinished, Clock steady) {
    this.registry = registry;
    this.ids = new ApplicationIds(yarn);
    this.killer = new BatchKiller(Duration.ZERO, yarn);
    this.keepFinished = keepFinished;
    this.steady = steady;
    Duration tenth = keepFinished.dividedBy(10);
    every(IDS, this::findIds);
    every(LEFTOVERS, this::endLeftovers);
    every(tenth.compareTo(FORGET_AT_MOST) > 0 ? FORGET_AT_MOST : tenth, this::forget);
  }

  private void every(Duration delay, Runnable task) {
    Future<?> forever =
        background.scheduleWithFixedDelay(task, 0, delay.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("Every {}: {}", delay, forever);
  }

  private void findIds() {
    try {
      registry.living().stream()
          .filter(batch -> batch.state() == BatchState.RUNNING && batch.applicationId().isEmpty())
          .forEach(batch -> ids.find(batch).ifPresent(id -> batch.applicationId(Optional.of(id))));
    } catch (RuntimeException e) {
      LOG.error("Looking for application ids failed; the next try is in {}.", IDS, e);
    }
  }

  /** A YARN application that nobody monitors costs money forever. */
  private void endLeftovers() {
    try {
      for (Batch batch : registry.all()) {
        if (batch.outcome().flatMap(Outcome::leftover).isPresent()) {
          Optional<String> still = killer.endLeftover(batch);
          if (still.isEmpty()) {
            registry.noteFinished(batch, batch.outcome().orElseThrow());
          }
          LOG.info("Batch {}: {}", batch.record().id(), still.orElse("nothing is left."));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("Ending leftover applications failed; the next try is in {}.", LEFTOVERS, e);
    }
  }

  private void forget() {
    try {
      registry.forget(steady.instant().minus(keepFinished));
    } catch (IOException | RuntimeException e) {
      LOG.error("Old batches could not be deleted; the next try follows.", e);
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
  }
}
