package dev.caravan.routes.page;

import dev.caravan.processors.cost.Phase;
import dev.caravan.routes.operations.ClusterCostView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.CostView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunCostView;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a month has cost. */
record CostPageView(CostView cost) {
  private static final int MOST_RUNS = 50;

  static CostPageView of(ControlPlane plane, Optional<String> month) {
    try {
      return new CostPageView(plane.cost(month.map(YearMonth::parse)));
    } catch (DateTimeException e) {
      throw new OperationException(
          OperationException.Reason.INVALID, "The month is not of the form YYYY-MM.");
    }
  }

  boolean isOver() {
    return cost.month().isBefore(YearMonth.from(cost.asOf().atOffset(ZoneOffset.UTC)));
  }

  /** Whether any cluster has a price; without one there are no amounts. */
  boolean isPriced() {
    return cost.clusters().stream().anyMatch(cluster -> cluster.currency().isPresent());
  }

  /** The runs that cost most. */
  List<RunCostView> dearest() {
    return cost.runs().stream()
        .sorted(
            Comparator.comparing((RunCostView run) -> run.amount().orElse(BigDecimal.ZERO))
                .thenComparing(RunCostView::work)
                .reversed())
        .limit(MOST_RUNS)
        .toList();
  }

  /** A part of what a cluster's time went into. */
  record Share(
      Phase phase,
      String x,
      String width,
      String style,
      String time,
      Optional<BigDecimal> amount) {}

  static List<Share> shares(ClusterCostView cluster) {
    double all = Math.max(1, cluster.time().toSeconds());
    List<Share> shares = new ArrayList<>();
    double x = 0;
    for (Phase phase : Phase.values()) {
      if (cluster.phases().containsKey(phase)) {
        var spent = cluster.phases().get(phase);
        double width = spent.time().toSeconds() / all * Timeline.WIDTH;
        shares.add(
            new Share(
                phase,
                String.format(Locale.ROOT, "%.1f", x),
                String.format(Locale.ROOT, "%.1f", width),
                style(phase),
                PageText.duration(spent.time()),
                spent.amount()));
        x += width;
      }
    }
    return shares;
  }

  private static String style(Phase phase) {
    return switch (phase) {
      case JOBS -> "b-succeeded";
      case FAILED_JOBS -> "b-failed";
      case VERIFICATION -> "b-verify";
      case STOP -> "b-stop";
      case START -> "b-start";
      case IDLE -> "b-ready";
    };
  }
}
