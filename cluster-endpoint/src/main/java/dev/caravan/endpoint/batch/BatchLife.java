package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.process.BatchProcess;
import dev.caravan.endpoint.process.Scripts;
import dev.caravan.endpoint.settings.BatchSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings batches from the queue to their outcome. One thread makes every change of state, so none
 * needs a lock; ending processes, which takes time, happens on others.
 */
public final class BatchLife implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLife.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration CONFIRM = Duration.ofSeconds(10);

  private final BatchBook book;
  private final Scripts scripts;
  private final BatchSettings settings;
  private final Clock clock;
  private final ScheduledExecutorService life =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "batch-life"));
  private final ExecutorService enders =
      Executors.newCachedThreadPool(task -> new Thread(task, "batch-ender"));

  // The three belong to the thread of life.
  private final Queue<Batch> waiting = new ArrayDeque<>();
  private final Set<Batch> running = new LinkedHashSet<>();
  private final Set<Batch> ending = new HashSet<>();

  /** Takes up again whatever the book holds, before it returns. */
  public BatchLife(BatchBook book, Scripts scripts, BatchSettings settings, Clock clock)
      throws IOException {
    this.book = book;
    this.scripts = scripts;
    this.settings = settings;
    this.clock = clock;
    for (Batch batch : book.all()) {
      takeUp(batch);
    }
    Future<?> ticks =
        life.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("Looking every {}: {}", LOOK, ticks);
  }

  private void takeUp(Batch batch) throws IOException {
    BatchDirectory files = batch.directory();
    batch.applicationId(files.readApplicationId());
    files.readKill().ifPresent(batch::killReason);
    Optional<Outcome> outcome = files.readOutcome();
    Optional<Instant> launch = files.readLaunch();
    if (outcome.isPresent()) {
      batch.ended(outcome.get());
    } else if (launch.isEmpty()) {
      waiting.add(batch);
    } else {
      Optional<BatchProcess> process =
          BatchProcess.find(scripts, files.path(), batch.record().tag());
      if (process.isPresent()) {
        batch.running(launch.get(), process.get());
        running.add(batch);
      } else {
        end(
            batch,
            BatchState.ERROR,
            OptionalInt.empty(),
            "the endpoint ended while it was starting this batch; it never ran");
      }
    }
  }

  /** Records a submission; it starts as soon as there is room. */
  public Accepted submit(Submission submission) {
    Accepted accepted = book.accept(submission);
    if (!accepted.replayed()) {
      life.execute(
          () -> {
            waiting.add(accepted.batch());
            look();
          });
    }
    return accepted;
  }

  /**
   * Ends a batch and returns when nothing of it is left.
   *
   * @param reason goes into the batch's outcome
   * @return whether that could be confirmed in time
   */
  public boolean kill(Batch batch, String reason) throws InterruptedException {
    life.execute(() -> askToEnd(batch, reason));
    try {
      batch.end().get(settings.killGrace().plus(CONFIRM).toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A batch's end is never exceptional.", e);
    }
  }

  /** One look at every living batch and at the queue. */
  private void look() {
    try {
      List.copyOf(running).forEach(this::lookAt);
      while (running.size() < settings.maxRunning() && !waiting.isEmpty()) {
        launch(waiting.remove());
      }
    } catch (RuntimeException e) {
      LOG.error("Looking at the batches failed; the next look follows in {}.", LOOK, e);
    }
  }

  private void launch(Batch batch) {
    try {
      Instant now = clock.instant();
      batch.directory().writeLaunch(now);
      BatchProcess process =
          BatchProcess.start(
              scripts, batch.directory().path(), batch.record().tag(), batch.record().words());
      batch.running(now, process);
      running.add(batch);
      LOG.info("Batch {} runs as process group {}.", batch.record().id(), process.pid());
    } catch (IOException e) {
      end(
          batch,
          BatchState.ERROR,
          OptionalInt.empty(),
          "it could not be started: " + e.getMessage());
    }
  }

  private void lookAt(Batch batch) {
    BatchProcess process = batch.process().orElseThrow();
    if (ending.contains(batch)) {
      return;
    }
    Duration ran = Duration.between(batch.startedAt().orElseThrow(), clock.instant());
    if (!process.isRunning()) {
      endGroup(batch, process);
    } else if (batch.killReason().isPresent()) {
      endGroup(batch, process);
    } else if (ran.compareTo(settings.timeout()) > 0) {
      askToEnd(
          batch,
          "it exceeded its time limit of " + settings.timeout() + " (endpoint.batch-timeout)");
    }
  }

  private void askToEnd(Batch batch, String reason) {
    if (batch.state().isFinal()) {
      return;
    }
    if (batch.killReason().isEmpty()) {
      batch.killReason(reason);
      try {
        batch.directory().writeKill(reason);
      } catch (IOException e) {
        LOG.error(
            "That batch {} is to be killed could not be written down; killing it all the same.",
            batch.record().id(),
            e);
      }
    }
    if (waiting.remove(batch)) {
      end(
          batch,
          BatchState.KILLED,
          OptionalInt.empty(),
          batch.killReason().orElseThrow() + "; it had not started yet");
    } else if (!ending.contains(batch)) {
      batch.process().ifPresent(process -> endGroup(batch, process));
    }
  }

  /** Ends what is left of the batch's processes, then writes the outcome. */
  private void endGroup(Batch batch, BatchProcess process) {
    ending.add(batch);
    enders.execute(
        () -> {
          boolean wasRunning = process.isRunning();
          boolean gone = endQuietly(process);
          life.execute(
              () -> {
                ending.remove(batch);
                if (gone) {
                  conclude(batch, process);
                } else {
                  batch
                      .log()
                      .note(
                          "caravan: processes of this batch are still alive after TERM and KILL"
                              + (wasRunning ? "" : ", although its program has ended"));
                }
              });
        });
  }

  private boolean endQuietly(BatchProcess process) {
    try {
      return process.group().end(settings.killGrace());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeException e) {
      LOG.error("Ending process group {} failed.", process.pid(), e);
      return false;
    }
  }

  private void conclude(Batch batch, BatchProcess process) {
    OptionalInt code = process.exitCode();
    Optional<String> kill = batch.killReason();
    if (kill.isPresent()) {
      end(batch, BatchState.KILLED, code, kill.get());
    } else if (code.isEmpty()) {
      end(
          batch,
          BatchState.DEAD,
          code,
          "its processes vanished without leaving an exit code: killed by somebody else, or by the kernel");
    } else if (code.getAsInt() == 0) {
      end(batch, BatchState.SUCCESS, code, "it ended with exit code 0");
    } else {
      end(batch, BatchState.DEAD, code, reason(code.getAsInt()));
    }
  }

  private static String reason(int code) {
    return "it ended with exit code "
        + code
        + (code > 128 && code < 160 ? " (signal " + (code - 128) + ")" : "");
  }

  private void end(Batch batch, BatchState state, OptionalInt code, String reason) {
    Outcome outcome = new Outcome(state, code, reason, clock.instant());
    running.remove(batch);
    try {
      batch.directory().write(outcome, batch.applicationId());
    } catch (IOException e) {
      LOG.error("The outcome of batch {} could not be written down.", batch.record().id(), e);
    }
    batch.ended(outcome);
    LOG.info("Batch {} is {}: {}.", batch.record().id(), state.wire(), reason);
  }

  /** Stops looking; running batches go on, or are ended first, as the settings say. Bounded. */
  @Override
  public void close() {
    if (settings.killOnStop()) {
      book.all()
          .forEach(
              batch ->
                  life.execute(
                      () -> askToEnd(batch, "the endpoint was stopped (endpoint.on-stop=kill)")));
      awaitEnds();
    }
    life.shutdownNow();
    enders.shutdownNow();
  }

  private void awaitEnds() {
    long deadline = System.nanoTime() + settings.killGrace().plus(CONFIRM).toNanos();
    for (Batch batch : book.all()) {
      try {
        batch.end().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (TimeoutException | ExecutionException e) {
        LOG.error("Batch {} could not be ended before the endpoint stops.", batch.record().id());
      }
    }
  }
}
