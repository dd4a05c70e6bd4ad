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

  /** Whose tokens are told apart, by how they begin. */
  enum Holder {
    /** Who exchanged a key or an OAuth token. */
    ACCOUNT("t1.local-"),
    /** A machine of the cloud, by its metadata server. */
    MACHINE("t1.machine-");

    private final String prefix;

    Holder(String prefix) {
      this.prefix = prefix;
    }

    boolean holds(String token) {
      return token.startsWith(prefix);
    }
  }

  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
  private final Clock clock;
  private volatile Duration life;

  IssuedTokens(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  IamToken issue(Holder holder) {
    IamToken token = new IamToken(holder.prefix + UUID.randomUUID(), clock.instant().plus(life));
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
