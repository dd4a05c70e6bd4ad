package dev.caravan.endpoint.health;

import dev.caravan.endpoint.batch.Disk;
import dev.caravan.endpoint.yarn.ResourceManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every two seconds whether a batch could run: the disk accepts records, spark-submit works
 * (it has printed its version once, and still exists), and YARN, if configured, has nodes.
 */
public final class Readiness implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration VERSION = Duration.ofSeconds(30);

  private final Path sparkSubmit;
  private final Disk disk;
  private final Optional<ResourceManager> yarn;
  private final int minNodes;
  private final Duration patience;
  private final ScheduledExecutorService looker =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "readiness"));
  private volatile Optional<String> obstacle = Optional.of("The endpoint has not checked yet.");
  private boolean saidVersion;

  /** Begins to look. */
  public Readiness(Path sparkSubmit, Disk disk, Optional<ResourceManager> yarn, int minNodes) {
    this(sparkSubmit, disk, yarn, minNodes, VERSION);
  }

  /** Gives {@code --version} that much time. */
  Readiness(
      Path sparkSubmit,
      Disk disk,
      Optional<ResourceManager> yarn,
      int minNodes,
      Duration patience) {
    this.patience = patience;
    this.disk = disk;
    this.sparkSubmit = sparkSubmit;
    this.yarn = yarn;
    this.minNodes = minNodes;
    Future<?> looks =
        looker.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("Looking every {}: {}", LOOK, looks);
  }

  /** Why the endpoint is not ready, in one sentence; empty if it is. Never waits. */
  public Optional<String> obstacle() {
    return obstacle;
  }

  private void look() {
    try {
      Optional<String> found = disk.obstacle().or(this::sparkObstacle).or(this::yarnObstacle);
      if (!found.equals(obstacle)) {
        LOG.info("{}", found.orElse("Ready for batches."));
      }
      obstacle = found;
    } catch (RuntimeException e) {
      LOG.error("Checking whether the endpoint is ready failed.", e);
      obstacle = Optional.of("Checking whether the endpoint is ready failed: " + e.getMessage());
    }
  }

  private Optional<String> sparkObstacle() {
    if (!Files.isExecutable(sparkSubmit) || Files.isDirectory(sparkSubmit)) {
      saidVersion = false;
      return Optional.of(
          "There is no executable program " + sparkSubmit + " (endpoint.spark-submit).");
    }
    if (saidVersion) {
      return Optional.empty();
    }
    try {
      return versionObstacle(
          new ProcessBuilder(sparkSubmit.toString(), "--version")
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      return Optional.of(sparkSubmit + " can't be run: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The endpoint is stopping.");
    }
  }

  private Optional<String> versionObstacle(Process process) throws InterruptedException {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of(sparkSubmit + " --version did not end within " + patience + ".");
      }
      saidVersion = process.exitValue() == 0;
      return saidVersion
          ? Optional.empty()
          : Optional.of(
              sparkSubmit + " --version ended with exit code " + process.exitValue() + ".");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Optional<String> yarnObstacle() {
    if (yarn.isEmpty()) {
      return Optional.empty();
    }
    try {
      int nodes = yarn.get().activeNodes();
      return nodes >= minNodes
          ? Optional.empty()
          : Optional.of(
              "YARN has "
                  + nodes
                  + " active nodes, "
                  + minNodes
                  + " are needed (endpoint.yarn-min-nodes).");
    } catch (IOException e) {
      return Optional.of("YARN doesn't answer (endpoint.yarn-rm): " + e + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The endpoint is stopping.");
    }
  }

  @Override
  public void close() {
    looker.shutdownNow();
  }
}
