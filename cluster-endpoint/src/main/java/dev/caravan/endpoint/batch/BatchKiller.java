package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.process.BatchProcess;
import dev.caravan.endpoint.yarn.ResourceManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills everything that belongs to a batch: its processes, then its YARN application, because a
 * process may be about to submit one. Calls may block, for a bounded time.
 */
final class BatchKiller {
  private static final Logger LOG = LoggerFactory.getLogger(BatchKiller.class);
  private static final Duration YARN = Duration.ofSeconds(10);
  private static final Duration FIRST_TRY = Duration.ofSeconds(2);

  private final Duration grace;
  private final Optional<ResourceManager> yarn;

  BatchKiller(Duration grace, Optional<ResourceManager> yarn) {
    this.grace = grace;
    this.yarn = yarn;
  }

  /** No process can outlive this much time without being reported. */
  Duration bound() {
    return grace.plusSeconds(10).plus(YARN.multipliedBy(3));
  }

  /**
   * Kills the application of a batch that is told to end, while its driver lives: in client mode a
   * driver that is ended takes its application with it, and YARN's record would say FAILED or
   * SUCCEEDED. Best effort; {@link #endApplication} kills and reports what is left.
   */
  void killApplication(Batch batch) throws InterruptedException {
    if (yarn.isEmpty()) {
      return;
    }
    try {
      yarn.get().endAll(batch.record().tag(), FIRST_TRY);
    } catch (IOException e) {
      LOG.warn(
          "Batch {}: YARN will be told again after its processes have ended: {}",
          batch.record().id(),
          e);
    }
  }

  /** Whether no process of the batch is left. */
  boolean endProcesses(BatchProcess process) throws InterruptedException {
    try {
      return process.group().end(grace);
    } catch (RuntimeException e) {
      LOG.error("Ending process group {} failed.", process.pid(), e);
      return false;
    }
  }

  /** Ends the application; empty if none is left, else why that can't be said. */
  Optional<String> endApplication(Batch batch) throws InterruptedException {
    if (yarn.isEmpty()) {
      return Optional.empty();
    }
    try {
      yarn.get().endAll(batch.record().tag(), YARN);
      return Optional.empty();
    } catch (IOException e) {
      String trouble = "the end of its YARN application could not be confirmed: " + e;
      LOG.error("Batch {}: {}", batch.record().id(), trouble);
      return Optional.of(trouble);
    }
  }

  /**
   * Ends what was left of a finished batch; empty if nothing is, which is then written down, else
   * why that can't be said.
   */
  Optional<String> endLeftover(Batch batch) throws InterruptedException {
    Outcome outcome = batch.outcome().orElseThrow();
    if (outcome.leftover().isEmpty()) {
      return Optional.empty();
    }
    Optional<String> still = endApplication(batch);
    if (still.isEmpty()) {
      Outcome clean = outcome.withoutLeftover();
      try {
        batch.directory().write(clean, batch.applicationId());
      } catch (IOException e) {
        LOG.error(
            "Batch {}: the record that nothing is left could not be written.",
            batch.record().id(),
            e);
      }
      batch.outcome(clean);
      batch.log().note("caravan: its YARN application has ended now");
    }
    return still;
  }
}
