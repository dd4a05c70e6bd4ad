package dev.caravan.routes.operations;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/**
 * What the clusters have cost in a month, estimated at the prices of the settings.
 *
 * @param month of UTC; a session counts in the month in which it was opened
 * @param asOf how far sessions that go on, and the month, have come
 * @param budgets of the pipelines that have one, as they are set now, and whose cluster has a price
 */
public record CostView(
    YearMonth month,
    Instant asOf,
    List<ClusterCostView> clusters,
    List<PipelineCostView> pipelines,
    List<BudgetView> budgets,
    List<RunCostView> runs) {

  public CostView {
    clusters = List.copyOf(clusters);
    pipelines = List.copyOf(pipelines);
    budgets = List.copyOf(budgets);
    runs = List.copyOf(runs);
  }
}
