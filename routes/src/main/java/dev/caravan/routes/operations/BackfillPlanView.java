package dev.caravan.routes.operations;

import dev.caravan.processors.schedule.BackfillPlan;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a backfill does with each of its dates.
 *
 * @param dates in the order in which they run
 * @param toRun how many of them run
 * @param clusterTime how long it is expected to keep the cluster; empty without experience
 * @param estimate that in a sentence, or what it lacks
 * @param amount what it is expected to cost at the prices of now, without the disks; empty without
 *     an estimate or a price
 * @param currency of the amount
 */
public record BackfillPlanView(
    List<BackfillPlan.Entry> dates,
    int toRun,
    Optional<Duration> clusterTime,
    String estimate,
    Optional<BigDecimal> amount,
    Optional<String> currency) {

  public BackfillPlanView {
    dates = List.copyOf(dates);
  }
}
