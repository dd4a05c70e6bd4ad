package dev.caravan.routes.operations;

import dev.caravan.processors.schedule.BackfillPlan;
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
 */
public record BackfillPlanView(
    List<BackfillPlan.Entry> dates, int toRun, Optional<Duration> clusterTime, String estimate) {

  public BackfillPlanView {
    dates = List.copyOf(dates);
  }
}
