package dev.caravan.processors.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a cluster has cost in a month of UTC. A session counts in the month in which it was opened.
 *
 * @param now how far the month has come
 */
public record ClusterCost(Prices prices, YearMonth month, Instant now, List<SessionCost> sessions) {
  private static final int DIGITS = 10;

  public ClusterCost {
    sessions = List.copyOf(sessions);
  }

  private Instant begin() {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private Instant monthEnd() {
    return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private Instant end() {
    return now.isBefore(monthEnd()) ? now : monthEnd();
  }

  /** What the time of all sessions went into. */
  public Map<Phase, Spent> phases() {
    Map<Phase, Spent> sum = new EnumMap<>(Phase.class);
    for (SessionCost session : sessions) {
      session.phases().forEach((phase, spent) -> sum.merge(phase, spent, Spent::plus));
    }
    return sum;
  }

  /** All sessions together. */
  public Spent used() {
    return sessions.stream().map(SessionCost::total).reduce(Spent.NOTHING, Spent::plus);
  }

  /** The disks so far, which cost the same while the cluster is stopped. */
  public BigDecimal disks() {
    return prices.disksHour().perHour(begin(), end());
  }

  public BigDecimal total() {
    return used().amount().add(disks());
  }

  /**
   * The whole month, if its rest goes as it has gone so far: the sessions in proportion to the
   * time, the disks by their price.
   */
  public BigDecimal forecast() {
    Duration gone = Duration.between(begin(), end());
    if (gone.isZero() || gone.isNegative()) {
      return prices.disksHour().perHour(begin(), monthEnd());
    }
    BigDecimal share =
        BigDecimal.valueOf(Duration.between(begin(), monthEnd()).toSeconds())
            .divide(
                BigDecimal.valueOf(Math.max(1, gone.toSeconds())), DIGITS, RoundingMode.HALF_UP);
    return used().amount().multiply(share).add(prices.disksHour().perHour(begin(), monthEnd()));
  }

  /** What it had cost so far if it had never been stopped. */
  public BigDecimal alwaysOn() {
    return prices.hour().perHour(begin(), end()).add(disks());
  }
}
