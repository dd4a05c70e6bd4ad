package dev.caravan.processors.cost;

import java.math.BigDecimal;
import java.time.Duration;

/** Time of a cluster, and the money for it. */
public record Spent(Duration time, BigDecimal amount) {
  public static final Spent NOTHING = new Spent(Duration.ZERO, BigDecimal.ZERO);

  /** Both sums. */
  public Spent plus(Spent other) {
    return new Spent(time.plus(other.time), amount.add(other.amount));
  }
}
