package dev.caravan.processors.cost;

import dev.caravan.processors.journal.History;
import dev.caravan.processors.journal.SessionRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The sessions of a month of UTC; a session counts in the month in which it was opened.
 *
 * @param now how far sessions that go on have come
 */
public record MonthCost(Instant now, List<SessionRecord> sessions) {
  public MonthCost {
    sessions = List.copyOf(sessions);
  }

  /** Reads them from the journal. */
  public static MonthCost read(History history, YearMonth month, Instant now) {
    return new MonthCost(
        now,
        history.sessionsBetween(
            month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
            month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
  }

  /** What those on a cluster have cost. */
  public List<SessionCost> on(String clusterId, Prices prices) {
    return sessions.stream()
        .filter(each -> each.session().clusterId().equals(clusterId))
        .map(each -> SessionCost.of(each, prices, now))
        .toList();
  }

  /**
   * What the runs of a pipeline have cost, on whichever cluster.
   *
   * @param prices by the clusters' ids; what ran on others costs nothing
   * @param currency clusters with prices in another one are left out
   */
  public BigDecimal spent(String pipeline, Map<String, Prices> prices, String currency) {
    return prices.entrySet().stream()
        .filter(cluster -> cluster.getValue().currency().equals(currency))
        .flatMap(cluster -> on(cluster.getKey(), cluster.getValue()).stream())
        .flatMap(session -> shares(session, pipeline))
        .map(SessionCost.RunShare::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Stream<SessionCost.RunShare> shares(SessionCost session, String pipeline) {
    return session.runs().stream().filter(share -> share.run().pipeline().equals(pipeline));
  }
}
