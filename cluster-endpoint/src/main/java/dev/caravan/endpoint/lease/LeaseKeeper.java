package dev.caravan.endpoint.lease;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchLifecycle;
import dev.caravan.endpoint.batch.BatchRegistry;
import dev.caravan.endpoint.settings.LeaseSettings;
import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.endpoint.yarn.YarnApplication;
import dev.caravan.shared.batches.SelfStop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The third stopper: keeps the lease, monitors the work on the cluster, and asks the cloud to stop
 * it when {@link LeaseRule} decides so, repeatedly until the machine shuts down. A renewal or a
 * submission that arrives before the cloud has accepted the stop cancels it; after that submissions
 * are rejected. For use by many threads; monitoring never blocks a request.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int LOOKS_PER_GRACE = 4;

  private final BatchRegistry registry;
  private final BatchLifecycle life;
  private final Optional<ResourceManager> yarn;
  private final Optional<OwnCluster> cluster;
  private final Clock clock;
  private final LeaseFile file;
  private final LeaseRule rule;
  private final Duration interval;
  private final long beginNanos = System.nanoTime();

  /** Held for reading while a batch is taken in, for writing while the stop is decided on. */
  private final ReadWriteLock gate = new ReentrantReadWriteLock();

  private final ScheduledExecutorService looker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lease");
            thread.setDaemon(true);
            return thread;
          });

  private Optional<Renewal> renewal = Optional.empty();
  private Optional<List<YarnApplication>> applications = Optional.empty();
  private volatile Optional<SelfStop> stopping = Optional.empty();

  /** From here on the machine goes down, whoever renews the lease. */
  private boolean accepted;

  private Duration nextTry = Duration.ZERO;
  private int tries;

  private LeaseKeeper(
      BatchRegistry registry,
      BatchLifecycle life,
      Optional<ResourceManager> yarn,
      LeaseSettings settings,
      Path file,
      Clock clock) {
    this.registry = registry;
    this.life = life;
    this.yarn = yarn;
    this.clock = clock;
    this.file = new LeaseFile(file);
    this.cluster =
        settings.clusterId().map(id -> new YandexOwnCluster(id, settings.yandex(), clock));
    this.rule =
        new LeaseRule(
            new LeaseRule.Waits(
                settings.grace(), settings.first(), settings.maxAge(), settings.yarnBlind()));
    Duration part = settings.grace().dividedBy(LOOKS_PER_GRACE);
    Duration bounded = part.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : part;
    this.interval = bounded.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : bounded;
  }

  /**
   * Reads the lease of before a restart and begins to look.
   *
   * @param file where the lease is kept
   */
  public static LeaseKeeper begin(
      BatchRegistry registry,
      BatchLifecycle life,
      Optional<ResourceManager> yarn,
      LeaseSettings settings,
      Path file,
      Clock clock)
      throws IOException {
    LeaseKeeper keeper = new LeaseKeeper(registry, life, yarn, settings, file, clock);
    keeper.takeUp();
    long millis = keeper.interval.toMillis();
    keeper.looker.scheduleWithFixedDelay(keeper::look, 0, millis, TimeUnit.MILLISECONDS);
    return keeper;
  }

  /**
   * What is left by the machine's clock, never more than the whole; a lapsed one isn't taken up.
   */
  private synchronized void takeUp() throws IOException {
    Optional<Renewal> kept = file.read();
    if (kept.isEmpty()) {
      return;
    }
    Duration left = Duration.between(clock.instant(), kept.get().expiresAt());
    if (left.compareTo(kept.get().ttl()) > 0) {
      left = kept.get().ttl();
    }
    if (!left.isNegative() && !left.isZero()) {
      renewal = kept;
      rule.renewed(now(), left);
      LOG.info("The lease of run {} lives for another {}.", kept.get().run(), left);
    }
  }

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - beginNanos);
  }

  /**
   * Writes the renewal to disk, then counts it. A disk that doesn't take it is logged: the run
   * lives all the same, only a restart would forget it.
   */
  public LeaseView renew(String run, Duration ttl) {
    Renewal said = new Renewal(run, ttl, clock.instant());
    synchronized (this) {
      try {
        file.write(said);
      } catch (IOException e) {
        LOG.warn("The lease of run {} is kept in memory alone: {}", run, e.toString());
      }
      renewal = Optional.of(said);
      rule.renewed(now(), ttl);
    }
    return view();
  }

  /**
   * Takes a batch in, unless the cluster is being stopped.
   *
   * @throws StoppingException if it is
   */
  public <T> T admit(Supplier<T> submission) {
    gate.readLock().lock();
    try {
      stopping.ifPresent(
          why -> {
            throw new StoppingException(why);
          });
      return submission.get();
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Why the cluster is being stopped, if it is; never waits. */
  public Optional<SelfStop> stopping() {
    return stopping;
  }

  /** As seen last; never waits. */
  public synchronized LeaseView view() {
    List<Batch> all = registry.all();
    List<String> tags = all.stream().map(batch -> batch.record().tag()).toList();
    return new LeaseView(
        renewal,
        rule.isLapsed(now()),
        all.stream()
            .filter(batch -> !batch.state().isFinished())
            .map(batch -> batch.record().id())
            .toList(),
        applications.stream()
            .flatMap(List::stream)
            .filter(app -> app.tags().stream().noneMatch(tags::contains))
            .toList(),
        applications.isPresent(),
        cluster.isPresent(),
        cluster.isPresent() ? rule.stopsAt().map(this::wallTime) : Optional.empty(),
        stopping.map(SelfStop::reason));
  }

  private Instant wallTime(Duration at) {
    return clock.instant().plus(at.minus(now()));
  }

  private void look() {
    try {
      Optional<List<YarnApplication>> living = living();
      synchronized (this) {
        applications = living;
      }
      if (cluster.isPresent()) {
        decide(living);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      // An Error would end the looks for ever, and nobody would stop the cluster.
      LOG.error("The lease could not be checked; the next check follows.", e);
    }
  }

  /** Empty if YARN isn't known or doesn't answer. */
  private Optional<List<YarnApplication>> living() throws InterruptedException {
    if (yarn.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(yarn.get().living());
    } catch (IOException e) {
      LOG.debug("YARN could not be asked: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private void decide(Optional<List<YarnApplication>> living) throws InterruptedException {
    LeaseRule.Verdict verdict;
    gate.writeLock().lock();
    try {
      verdict = judge(living);
      if (verdict == LeaseRule.Verdict.STAY && !accepted) {
        stopping = Optional.empty();
        tries = 0;
        nextTry = Duration.ZERO;
        return;
      }
      if (now().compareTo(nextTry) < 0) {
        return;
      }
      stopping =
          accepted
              ? stopping
              : Optional.of(
                  verdict == LeaseRule.Verdict.STOP_OLD ? SelfStop.MAX_AGE : SelfStop.LEASE_LAPSED);
    } finally {
      gate.writeLock().unlock();
    }
    stop(verdict);
  }

  private synchronized LeaseRule.Verdict judge(Optional<List<YarnApplication>> living) {
    boolean batches = registry.all().stream().anyMatch(batch -> !batch.state().isFinished());
    LeaseRule.Seen seen;
    if (batches || living.filter(apps -> !apps.isEmpty()).isPresent()) {
      seen = LeaseRule.Seen.BUSY;
    } else {
      boolean unknown = yarn.isPresent() && living.isEmpty();
      seen = unknown ? LeaseRule.Seen.UNKNOWN : LeaseRule.Seen.IDLE;
    }
    return rule.look(now(), seen);
  }

  private void stop(LeaseRule.Verdict verdict) throws InterruptedException {
    String reason = stopping.map(SelfStop::reason).orElse("");
    LOG.warn("Stopping this cluster, since {} (try {}).", reason, tries + 1);
    if (verdict == LeaseRule.Verdict.STOP_OLD) {
      endBatches();
    }
    try {
      cluster.orElseThrow().stop();
      accepted = true;
      LOG.warn("The cloud has taken the stop of this cluster.");
    } catch (RuntimeException e) {
      if (!accepted) {
        // What comes now may still call it off.
        stopping = Optional.empty();
      }
      LOG.error(
          "This cluster could not be stopped and keeps costing money; the next try follows: {}",
          e.getMessage());
    }
    tries++;
    nextTry = now().plus(pause());
  }

  private void endBatches() throws InterruptedException {
    for (Batch batch : registry.all()) {
      if (!batch.state().isFinished()) {
        life.kill(batch, "the cluster is stopped, since " + SelfStop.MAX_AGE.reason())
            .ifPresent(left -> LOG.error("Batch {}: {}", batch.record().id(), left));
      }
    }
  }

  /** Twice as long each time, up to a minute. */
  private Duration pause() {
    Duration pause = interval.multipliedBy(1L << Math.min(tries, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  @Override
  public void close() {
    looker.shutdownNow();
    cluster.ifPresent(OwnCluster::close);
  }
}
