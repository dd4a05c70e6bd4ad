package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.process.BatchProcess;
import dev.caravan.endpoint.process.Scripts;
import dev.caravan.endpoint.settings.BatchSettings;
import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.endpoint.yarn.YarnApplication;
import dev.caravan.shared.batches.BatchState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches from the queue to their outcome. One thread makes every change of state, so no
 * locks are needed; slow work (ending processes, asking YARN) happens on other threads.
 */
public final class BatchLifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLifecycle.class);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final BatchRegistry registry;
  private final Scripts scripts;
  private final BatchSettings settings;
  private final BatchListener listener;
  private final Clock clock;
  private final Clock steady;
  private final BatchKiller killer;
  private final ApplicationIds ids;
  private final ApplicationWatch watch;
  private final ScheduledExecutorService life =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "batch-life"));
  private final ExecutorService killers =
      Executors.newCachedThreadPool(task -> new Thread(task, "batch-killer"));

  // These three are used only by the life-cycle thread.
  private final Queue<Batch> waiting = new ArrayDeque<>();
  private final Set<Batch> running = new LinkedHashSet<>();
  private final Set<Batch> ending = new HashSet<>();

  /**
   * Resumes all batches in the registry before it returns.
   *
   * @param clock what people are told
   * @param steady what time limits go by; it agrees with {@code clock} now
   */
  public BatchLifecycle(
      BatchRegistry registry,
      Scripts scripts,
      BatchSettings settings,
      Optional<ResourceManager> yarn,
      ApplicationWatch watch,
      BatchListener listener,
      Clock clock,
      Clock steady)
      throws IOException {
    this.registry = registry;
    this.watch = watch;
    this.scripts = scripts;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.steady = steady;
    this.killer = new BatchKiller(settings.killGrace(), yarn);
    this.ids = new ApplicationIds(yarn);
    for (Batch batch : registry.all()) {
      takeUp(batch);
    }
    Future<?> looks =
        life.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("Looking every {}: {}", LOOK, looks);
  }

  private void takeUp(Batch batch) throws IOException {
    if (batch.recorded().isPresent()) {
      takeUp(batch, batch.recorded().get());
      return;
    }
    BatchDirectory files = batch.directory();
    Optional<Outcome> outcome = files.readOutcome();
    Optional<Instant> launch = files.readLaunch();
    if (outcome.isPresent()) {
      takeUp(
          batch,
          new FinishedBatch(
              batch.record(),
              outcome.get(),
              files.readApplicationId(),
              launch.filter(at -> outcome.get().state() != BatchState.ERROR),
              batch.isDeleted()));
      registry.noteFinished(batch, outcome.get());
      return;
    }
    files.readKill().ifPresent(batch::killReason);
    if (launch.isEmpty()) {
      waiting.add(batch);
    } else {
      Optional<BatchProcess> process =
          BatchProcess.find(scripts, files.path(), batch.record().tag());
      if (process.isPresent()) {
        LOG.info(
            "Batch {} is resumed as process group {}.", batch.record().id(), process.get().pid());
        batch.running(launch.get(), notAfterNow(launch.get()), process.get());
        running.add(batch);
      } else {
        String reason =
            "the endpoint ended while it was starting this batch; it never ran and never will";
        end(batch, Outcome.withoutProcess(BatchState.ERROR, reason, clock.instant()));
      }
    }
  }

  private void takeUp(Batch batch, FinishedBatch finished) {
    batch.applicationId(finished.applicationId());
    batch.startedAt(finished.launch());
    batch.ended(finished.outcome(), notAfterNow(finished.outcome().endedAt()));
  }

  /** A date of before this start: the clock may have been set back since. */
  private Instant notAfterNow(Instant date) {
    Instant now = steady.instant();
    return date.isAfter(now) ? now : date;
  }

  /** Records a submission; it starts as soon as there is room. */
  public Accepted submit(Submission submission) {
    Accepted accepted = registry.accept(submission);
    if (!accepted.replayed()) {
      listener.accepted(accepted.batch());
      life.execute(
          () -> {
            waiting.add(accepted.batch());
            launchWaiting();
          });
    }
    return accepted;
  }

  /**
   * Ends a batch and returns when nothing of it is left.
   *
   * @param reason goes into the batch's outcome
   * @return empty if that is sure, else what could not be seen gone within the bound
   */
  public Optional<String> kill(Batch batch, String reason) throws InterruptedException {
    if (batch.outcome().isPresent()) {
      return endLeftover(batch);
    }
    life.execute(() -> askToEnd(batch, reason));
    try {
      return batch.end().get(killer.bound().toMillis(), TimeUnit.MILLISECONDS).leftover();
    } catch (TimeoutException e) {
      return Optional.of("its processes are still alive after TERM and KILL");
    } catch (ExecutionException e) {
      throw new IllegalStateException("A batch's end is never exceptional.", e);
    }
  }

  private Optional<String> endLeftover(Batch batch) throws InterruptedException {
    boolean was = batch.outcome().flatMap(Outcome::leftover).isPresent();
    Optional<String> still = killer.endLeftover(batch);
    if (was && still.isEmpty()) {
      registry.noteFinished(batch, batch.outcome().orElseThrow());
    }
    return still;
  }

  /** One look at every living batch and at the queue. */
  private void look() {
    try {
      List.copyOf(running).forEach(this::lookAt);
      launchWaiting();
    } catch (RuntimeException e) {
      LOG.error("Checking the batches failed; the next check is in {}.", LOOK, e);
    }
  }

  private void launchWaiting() {
    while (running.size() < settings.maxRunning() && !waiting.isEmpty()) {
      launch(waiting.remove());
    }
  }

  private void launch(Batch batch) {
    try {
      Instant now = clock.instant();
      batch.directory().writeLaunch(now);
      BatchProcess process =
          BatchProcess.start(
              scripts, batch.directory().path(), batch.record().tag(), batch.record().words());
      batch.running(now, steady.instant(), process);
      running.add(batch);
      LOG.info("Batch {} runs as process group {}.", batch.record().id(), process.pid());
    } catch (IOException | RuntimeException e) {
      end(
          batch,
          Outcome.withoutProcess(
              BatchState.ERROR, "it could not be started: " + e.getMessage(), clock.instant()));
    }
  }

  private void lookAt(Batch batch) {
    batch.log().cut();
    Duration ran = Duration.between(batch.since().orElseThrow(), steady.instant());
    boolean ended = batch.killReason().isPresent() || !batch.process().orElseThrow().isRunning();
    if (ended && !ending.contains(batch)) {
      finish(batch);
    } else if ((!ended || watch.goesOn())
        && batch.killReason().isEmpty()
        && ran.compareTo(settings.timeout()) > 0) {
      askToEnd(
          batch,
          "it exceeded its time limit of " + settings.timeout() + " (endpoint.batch-timeout)");
    }
  }

  private void askToEnd(Batch batch, String reason) {
    if (batch.state().isFinished()) {
      return;
    }
    if (batch.killReason().isEmpty()) {
      batch.killReason(reason);
      try {
        batch.directory().writeKill(reason);
      } catch (IOException e) {
        LOG.error(
            "The request to end batch {} could not be recorded; ending it anyway: {}",
            batch.record().id(),
            e.toString());
      }
    }
    if (waiting.remove(batch)) {
      end(
          batch,
          Outcome.withoutProcess(
              BatchState.KILLED, reason + "; it had not started yet", clock.instant()));
    } else if (!ending.contains(batch)) {
      finish(batch);
    }
  }

  /**
   * Ends what is left of a batch, whether it was told to end or has ended by itself, and then gives
   * it its outcome.
   */
  private void finish(Batch batch) {
    BatchProcess process = batch.process().orElseThrow();
    ending.add(batch);
    killers.execute(
        () -> {
          try {
            if (batch.killReason().isPresent()) {
              killer.killApplication(batch);
            }
            boolean gone = killer.endProcesses(process);
            if (gone) {
              batch.log().cut();
              keepSummary(batch);
            }
            boolean failed = gone && process.exitCode().orElse(-1) != 0;
            Optional<YarnApplication> application =
                failed ? watch.awaitEnd(batch) : Optional.empty();
            Optional<String> kill = batch.killReason(); // a later request finds it ended
            Optional<String> leftover =
                failed || (gone && kill.isPresent())
                    ? killer.endApplication(batch)
                    : Optional.empty();
            Optional<String> id =
                batch.applicationId().isPresent() ? batch.applicationId() : ids.find(batch);
            Outcome outcome =
                Outcome.of(process.exitCode(), kill, application, leftover, clock.instant());
            life.execute(() -> finished(batch, gone, outcome, id));
          } catch (RejectedExecutionException e) {
            LOG.debug("The endpoint stops; its successor takes batch {} up.", batch.record().id());
          } catch (InterruptedException e) {
            Thread.currentThread()
                .interrupt(); // the endpoint stops; its successor takes the batch up
          }
        });
  }

  private static void keepSummary(Batch batch) {
    try {
      batch.directory().keepSummary();
    } catch (IOException e) {
      batch.log().note("caravan: the job's summary is not kept: " + e.getMessage());
    }
  }

  private void finished(Batch batch, boolean gone, Outcome outcome, Optional<String> id) {
    ending.remove(batch);
    if (!gone) {
      batch
          .log()
          .note(
              "caravan: processes of this batch are still alive after TERM and KILL; trying again");
      return;
    }
    batch.applicationId(id);
    outcome.leftover().ifPresent(text -> batch.log().note("caravan: " + text));
    end(batch, outcome);
  }

  private void end(Batch batch, Outcome outcome) {
    running.remove(batch);
    try {
      batch.directory().write(outcome, batch.applicationId());
    } catch (IOException e) {
      LOG.error(
          "The outcome of batch {} could not be recorded: {}", batch.record().id(), e.toString());
    }
    registry.noteFinished(batch, outcome);
    batch.ended(outcome, steady.instant());
    listener.ended(batch);
    LOG.info("Batch {} is {}: {}.", batch.record().id(), outcome.state().wire(), outcome.reason());
  }

  /**
   * Stops monitoring; running batches keep running or are killed first, depending on the settings.
   * Returns within a bounded time.
   */
  @Override
  public void close() {
    if (settings.killOnStop()) {
      List<Batch> living = registry.living();
      living.forEach(
          batch ->
              life.execute(
                  () -> askToEnd(batch, "the endpoint was stopped (endpoint.on-stop=kill)")));
      awaitEnds(living);
    }
    life.shutdownNow();
    killers.shutdownNow();
  }

  private void awaitEnds(List<Batch> living) {
    long deadline = System.nanoTime() + killer.bound().toNanos();
    for (Batch batch : living) {
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
