package dev.caravan.cloud.yandex;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The IAM tokens that were issued and until when they are good. Safe for all threads. */
final class IssuedTokens {

  record IamToken(String value, Instant expiresAt) {}

  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
  private final Clock clock;
  private volatile Duration life;

  IssuedTokens(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  IamToken issue() {
    IamToken token = new IamToken("t1.local-" + UUID.randomUUID(), clock.instant().plus(life));
    expiries.put(token.value(), token.expiresAt());
    return token;
  }

  boolean accepts(String token) {
    Instant expiry = expiries.get(token);
    return expiry != null && clock.instant().isBefore(expiry);
  }

  void live(Duration newLife) {
    life = newLife;
  }

  void revokeAll() {
    expiries.clear();
  }
}
