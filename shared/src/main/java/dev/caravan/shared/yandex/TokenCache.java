package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import yandex.cloud.sdk.auth.IamToken;

/**
 * The IAM token in use. It is fetched on the cache's own thread, one fetch at a time, and renewed
 * there well before it expires; while a renewal fails the old token serves as long as it is valid.
 * Only a caller that finds no valid token waits, on its own thread and within its own deadline, so
 * the cache must never be asked from a gRPC thread: {@link Calls} asks before the call begins.
 *
 * <p>Safe for use by many threads.
 */
final class TokenCache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenCache.class);

  /** Runs a task later on the thread that may block; what it returns calls the task off. */
  @FunctionalInterface
  interface Later {
    Runnable run(Runnable task, Duration delay);
  }

  private final TokenSource source;
  private final Clock clock;
  private final Later later;
  private final RenewalPlan plan;

  // All below guarded by this.
  private IamToken token;
  private Instant renewAt = Instant.MIN;
  private CompletableFuture<IamToken> fetching;
  private Runnable callOffRenewal = () -> {};
  private int failures;
  private Instant lastFailure = Instant.MIN;
  private String lastReason = "";
  private boolean closed;

  TokenCache(TokenSource source, Clock clock, Later later, RenewalPlan plan) {
    this.source = source;
    this.clock = clock;
    this.later = later;
    this.plan = plan;
  }

  /**
   * The token, waited for if there is none yet. A fetch that fails in a way that may pass is
   * repeated until the deadline.
   *
   * @throws RetryableException if the deadline passes first or the thread is interrupted
   * @throws FatalException if the credentials are refused
   */
  IamToken get(Deadline deadline) {
    while (true) {
      try {
        return tokenOrFetch()
            .get(deadline.timeRemaining(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new RetryableException("No IAM token in time" + lastWords(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RetryableException("Interrupted while waiting for an IAM token", e);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetryableException)) {
          throw new FatalException(e.getCause().getMessage(), e.getCause());
        }
      }
    }
  }

  /** The cloud has refused this token: the next caller gets another one. */
  synchronized void invalidate(IamToken refused) {
    if (refused.equals(token)) {
      token = null;
      callOffRenewal.run();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    token = null;
    callOffRenewal.run();
    if (fetching != null) {
      fetching.completeExceptionally(closedFailure());
    }
  }

  private synchronized Future<IamToken> tokenOrFetch() {
    if (closed) {
      return CompletableFuture.failedFuture(closedFailure());
    }
    Instant now = clock.instant();
    if (!isValid(now)) {
      return fetchAfter(plan.urgentRetry(failures, lastFailure, now));
    }
    // The timer should have done it, but timers stand still while a laptop sleeps.
    if (!now.isBefore(renewAt) && failures == 0) {
      var unused = fetchAfter(Duration.ZERO);
    }
    return CompletableFuture.completedFuture(token);
  }

  private boolean isValid(Instant now) {
    return token != null && now.isBefore(token.getExpiresAt());
  }

  private CompletableFuture<IamToken> fetchAfter(Duration delay) {
    if (fetching != null) {
      return fetching;
    }
    callOffRenewal.run();
    var started = new CompletableFuture<IamToken>();
    fetching = started;
    later.run(this::fetch, delay);
    return started;
  }

  private synchronized void renew() {
    if (!closed) {
      var unused = fetchAfter(Duration.ZERO);
    }
  }

  private void fetch() {
    IamToken fetched;
    try {
      fetched = source.fetch();
    } catch (RuntimeException | Error e) { // a lost failure would leave its waiters waiting
      failed(e);
      return;
    }
    fetched(fetched);
  }

  private synchronized void fetched(IamToken fresh) {
    var waiting = endFetch();
    if (closed) {
      return;
    }
    Instant now = clock.instant();
    token = fresh;
    failures = 0;
    Duration wait = plan.renewal(Duration.between(now, fresh.getExpiresAt()));
    renewAt = now.plus(wait);
    if (isValid(now)) {
      callOffRenewal = later.run(this::renew, wait);
      log.debug("IAM token valid until {}, to be renewed at {}", fresh.getExpiresAt(), renewAt);
    } else {
      log.warn("The new IAM token has expired by this machine's clock ({}): check the clock", now);
    }
    waiting.complete(fresh);
  }

  private synchronized void failed(Throwable failure) {
    var waiting = endFetch();
    if (closed) {
      return;
    }
    Instant now = clock.instant();
    failures++;
    lastFailure = now;
    lastReason = failure.getMessage();
    if (isValid(now)) {
      Duration wait = plan.quietRetry(failures);
      callOffRenewal = later.run(this::renew, wait);
      log.warn(
          "The IAM token could not be renewed; the old one is valid until {}, next try in {}: {}",
          token.getExpiresAt(),
          wait,
          failure.getMessage());
    } else {
      log.debug("No IAM token", failure); // and whoever waits is told
    }
    waiting.completeExceptionally(failure);
  }

  private synchronized String lastWords() {
    return failures == 0 ? "" : ": " + lastReason;
  }

  private CompletableFuture<IamToken> endFetch() {
    var ended = fetching;
    fetching = null;
    return ended;
  }

  private static FatalException closedFailure() {
    return new FatalException("The Yandex client has been closed");
  }
}
