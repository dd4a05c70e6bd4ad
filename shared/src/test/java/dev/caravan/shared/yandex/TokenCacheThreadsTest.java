package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import yandex.cloud.sdk.auth.IamToken;

/** The token cache on real threads. */
class TokenCacheThreadsTest {
  private static final int SECONDS = 20;

  private final ScheduledExecutorService own =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "own"));
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final CountDownLatch cloudAnswers = new CountDownLatch(1);

  @AfterEach
  void endThreads() throws InterruptedException {
    own.shutdownNow();
    callers.shutdownNow();
    assertThat(own.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(callers.awaitTermination(SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private TokenCache cache(TokenSource source) {
    return new TokenCache(
        source,
        Clock.systemUTC(),
        (task, delay) -> {
          var scheduled = own.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
          return () -> scheduled.cancel(false);
        },
        new RenewalPlan(() -> 0.5));
  }

  private static IamToken token(String value) {
    return new IamToken(value, Instant.now().plus(Duration.ofHours(1)));
  }

  private static Deadline soon() {
    return Deadline.after(SECONDS, TimeUnit.SECONDS);
  }

  private IamToken afterTheCloudAnswers() {
    try {
      cloudAnswers.await();
      return token("token");
    } catch (InterruptedException e) {
      throw new RetryableException("interrupted", e);
    }
  }

  @Test
  void allWaitersShareOneFetchOnTheCachesOwnThread() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    AtomicInteger fetches = new AtomicInteger();
    TokenCache cache =
        cache(
            () -> {
              fetches.incrementAndGet();
              threads.add(Thread.currentThread().getName());
              return afterTheCloudAnswers();
            });
    List<Future<IamToken>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(callers.submit(() -> cache.get(soon())));
    }
    cloudAnswers.countDown();
    for (Future<IamToken> waiter : waiting) {
      assertThat(waiter.get(SECONDS, TimeUnit.SECONDS).getToken()).isEqualTo("token");
    }
    assertThat(fetches).hasValue(1);
    assertThat(threads).containsExactly("own");
  }

  @Test
  void firstFetchIsRepeatedWhileTheCallerHasTime() {
    AtomicInteger fetches = new AtomicInteger();
    TokenCache cache =
        cache(
            () -> {
              if (fetches.incrementAndGet() < 3) {
                throw new RetryableException("IAM is away");
              }
              return token("third");
            });
    assertThat(cache.get(soon()).getToken()).isEqualTo("third");
    assertThat(fetches).hasValue(3);
  }

  @Test
  void callerWithoutTimeLearnsWhatWasWrong() {
    TokenCache cache =
        cache(
            () -> {
              throw new RetryableException("IAM is away");
            });
    assertThatThrownBy(() -> cache.get(Deadline.after(300, TimeUnit.MILLISECONDS)))
        .isInstanceOf(RetryableException.class)
        .hasMessage("No IAM token in time: IAM is away");
  }

  @Test
  void callerDoesNotWaitLongerThanItsDeadlineForAFetchThatHangs() {
    TokenCache cache = cache(this::afterTheCloudAnswers);
    assertThatThrownBy(() -> cache.get(Deadline.after(50, TimeUnit.MILLISECONDS)))
        .isInstanceOf(RetryableException.class)
        .hasMessage("No IAM token in time");
    cloudAnswers.countDown();
    assertThat(cache.get(soon()).getToken()).isEqualTo("token");
  }

  @Test
  void interruptedCallerStaysInterrupted() {
    TokenCache cache = cache(this::afterTheCloudAnswers);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> cache.get(soon()))
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("Interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anErrorInTheSourceReachesTheCallerToo() {
    TokenCache cache =
        cache(
            () -> {
              throw new NoClassDefFoundError("io/jsonwebtoken/Jwts");
            });
    assertThatThrownBy(() -> cache.get(soon()))
        .isInstanceOf(FatalException.class)
        .hasMessage("io/jsonwebtoken/Jwts");
  }

  @Test
  void closingReleasesWaiters() throws Exception {
    CountDownLatch fetching = new CountDownLatch(1);
    TokenCache cache =
        cache(
            () -> {
              fetching.countDown();
              return afterTheCloudAnswers();
            });
    Future<IamToken> waiter = callers.submit(() -> cache.get(soon()));
    assertThat(fetching.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    cache.close();
    assertThatThrownBy(() -> waiter.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("closed");
  }
}
