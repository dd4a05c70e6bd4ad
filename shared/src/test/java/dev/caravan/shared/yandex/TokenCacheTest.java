package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import yandex.cloud.sdk.auth.IamToken;

/** Time is in the test's hands here; {@link TokenCacheThreadsTest} has real threads. */
class TokenCacheTest {
  private static final Duration LIFE = Duration.ofHours(12);

  private final FakeTime time = new FakeTime();
  private final Deque<RuntimeException> troubles = new ArrayDeque<>();
  private Duration life = LIFE;
  private int fetches;

  private final TokenCache cache =
      new TokenCache(this::fetch, time, time, new RenewalPlan(() -> 0.0));

  private IamToken fetch() {
    fetches++;
    if (!troubles.isEmpty()) {
      throw troubles.remove();
    }
    return new IamToken("token-" + fetches, time.instant().plus(life));
  }

  private String get() {
    return cache.get(Deadline.after(10, TimeUnit.SECONDS)).getToken();
  }

  @Test
  void oneFetchServesManyCalls() {
    for (int i = 0; i < 100; i++) {
      assertThat(get()).isEqualTo("token-1");
    }
    assertThat(fetches).isEqualTo(1);
  }

  @Test
  void nothingIsFetchedBeforeSomebodyAsks() {
    time.pass(LIFE);
    assertThat(fetches).isZero();
  }

  @Test
  void isRenewedAnHourBeforeExpiryWithoutAnybodyAsking() {
    get();
    time.pass(Duration.ofHours(11).minusSeconds(1));
    assertThat(fetches).isEqualTo(1);
    time.pass(Duration.ofSeconds(1));
    assertThat(fetches).isEqualTo(2);
    assertThat(get()).isEqualTo("token-2");
    time.pass(Duration.ofHours(11));
    assertThat(fetches).isEqualTo(3);
  }

  @Test
  void oldTokenServesWhileRenewalsFailAndTheyBackOff() {
    get();
    for (int i = 0; i < 4; i++) {
      troubles.add(new RetryableException("IAM is away"));
    }
    time.pass(Duration.ofHours(11));
    for (int seconds : new int[] {5, 10, 20, 40}) {
      assertThat(time.nextTimer()).isEqualTo(Duration.ofSeconds(seconds));
      assertThat(get()).isEqualTo("token-1");
      time.pass(time.nextTimer());
    }
    assertThat(get()).isEqualTo("token-6");
  }

  @Test
  void oldTokenServesEvenWhileTheCredentialsAreRefused() {
    get();
    troubles.add(new FatalException("the key has been deleted"));
    time.pass(Duration.ofHours(11));
    assertThat(get()).isEqualTo("token-1");
    time.pass(Duration.ofSeconds(5));
    assertThat(get()).isEqualTo("token-3");
  }

  @Test
  void nobodyFetchesOnceTheOldTokenHasExpiredAndNobodyAsks() {
    get();
    for (int i = 0; i < 1000; i++) {
      troubles.add(new RetryableException("IAM is away"));
    }
    time.pass(Duration.ofHours(24));
    assertThat(fetches).isBetween(30, 45); // every two minutes for an hour
    assertThat(time.hasTimer()).isFalse();
    troubles.clear();
    assertThat(get()).isEqualTo("token-" + fetches);
  }

  @Test
  void tokenThatExpiredWhileTheTimersSleptIsNotServed() {
    get();
    time.sleepThrough(LIFE);
    assertThat(get()).isEqualTo("token-2");
  }

  @Test
  void renewalThatTheTimersSleptThroughIsMadeUpFor() {
    get();
    time.sleepThrough(Duration.ofHours(11).plusMinutes(1));
    get();
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void refusedTokenIsReplaced() {
    IamToken refused = cache.get(Deadline.after(1, TimeUnit.SECONDS));
    cache.invalidate(refused);
    assertThat(get()).isEqualTo("token-2");
    cache.invalidate(refused); // a late caller with the same old token
    assertThat(get()).isEqualTo("token-2");
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void refusedCredentialsFailAtOnceAndTheNextCallerTriesAgain() {
    troubles.add(new FatalException("the key has been deleted"));
    assertThatThrownBy(this::get)
        .isInstanceOf(FatalException.class)
        .hasMessage("the key has been deleted");
    assertThat(time.hasTimer()).isFalse();
    time.pass(Duration.ofSeconds(1));
    assertThat(get()).isEqualTo("token-2");
  }

  @Test
  void tokenThatIsOldOnArrivalIsLeftToTheCloudToJudge() {
    life = Duration.ofHours(-3); // this machine's clock is three hours fast
    assertThat(get()).isEqualTo("token-1");
    assertThat(time.hasTimer()).isFalse();
    assertThat(get()).isEqualTo("token-2");
  }

  @Test
  void afterItsEndNobodyGetsAToken() {
    get();
    cache.close();
    assertThatThrownBy(this::get).isInstanceOf(FatalException.class).hasMessageContaining("closed");
    assertThat(time.hasTimer()).isFalse();
    assertThat(fetches).isEqualTo(1);
  }
}
