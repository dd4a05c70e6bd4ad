package dev.caravan.routes.page;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.AlarmView;
import dev.caravan.routes.operations.ClusterCostView;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.CostView;
import dev.caravan.routes.operations.FireTime;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunView;
import dev.caravan.shared.page.StateShape;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How everything stands.
 *
 * @param runs that are queued or running
 * @param moreRuns whether there are more of them
 * @param pipelines those that fall due next first
 */
record NowView(
    Instant now,
    List<Cluster> clusters,
    List<RunView> runs,
    boolean moreRuns,
    List<PipelineView> pipelines,
    List<AlarmView> alarms) {
  private static final int MOST_RUNS = 20;

  /** A cluster, and what it has cost in this month. */
  record Cluster(ClusterView view, Optional<ClusterCostView> cost) {
    StateShape shape() {
      return view.status()
          .map(seen -> StateShapes.ofCluster(seen.status()))
          .orElse(StateShape.SKIPPED);
    }

    String status() {
      return view.status().map(seen -> seen.status()).orElse("never seen");
    }

    /** What the session that goes on has cost so far. */
    Optional<String> soFar() {
      return cost.flatMap(
          each -> each.now().map(now -> PageText.money(Optional.of(now), each.currency())));
    }

    boolean isOn() {
      return view.status().filter(seen -> !seen.status().equals("STOPPED")).isPresent();
    }
  }

  static NowView of(ControlPlane plane, Instant now) {
    CostView cost = plane.cost(Optional.empty());
    ListPage<RunView> runs =
        plane.runs(
            RunFilter.of(Optional.empty(), Optional.empty(), RunState.QUEUED, RunState.RUNNING),
            PageRequest.first(MOST_RUNS));
    return new NowView(
        now,
        plane.clusters().stream()
            .map(
                view ->
                    new Cluster(
                        view,
                        cost.clusters().stream()
                            .filter(each -> each.cluster().equals(view.name()))
                            .findFirst()))
            .toList(),
        runs.items().stream()
            .sorted(Comparator.comparing((RunView run) -> run.state() != RunState.RUNNING))
            .toList(),
        runs.next().isPresent(),
        plane.pipelines().stream()
            .sorted(
                Comparator.comparing(
                        (PipelineView pipeline) ->
                            pipeline.next().stream()
                                .findFirst()
                                .map(FireTime::at)
                                .map(at -> at.toInstant())
                                .orElse(Instant.MAX))
                    .thenComparing(PipelineView::name))
            .toList(),
        plane.alarms());
  }
}
