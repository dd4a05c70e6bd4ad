package dev.caravan.routes.cli;

import dev.caravan.processors.cost.Phase;
import dev.caravan.routes.operations.BudgetView;
import dev.caravan.routes.operations.ClusterCostView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.CostView;
import dev.caravan.routes.operations.PhaseCostView;
import dev.caravan.routes.operations.PipelineCostView;
import dev.caravan.routes.operations.RunCostView;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the clusters have cost. */
@Command(
    name = "cost",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what the clusters have cost in a month, and what the time went into: an estimate at the prices of the settings (docs/cost.md).",
      "A session counts in the month, of UTC, in which it was opened. CSV has a line for each run."
    })
final class CostCommand extends ClientCommand {
  private static final List<Column<ClusterCostView>> CLUSTERS =
      List.of(
          new Column<>("cluster", ClusterCostView::cluster),
          new Column<>("sessions", ClusterCostView::sessions),
          new Column<>("billed", ClusterCostView::time),
          new Column<>("start", cost -> time(cost, Phase.START)),
          new Column<>("jobs", cost -> time(cost, Phase.JOBS)),
          new Column<>("failed jobs", cost -> time(cost, Phase.FAILED_JOBS)),
          new Column<>("verifying", cost -> time(cost, Phase.VERIFICATION)),
          new Column<>("idle", cost -> time(cost, Phase.IDLE)),
          new Column<>("stop", cost -> time(cost, Phase.STOP)));

  private static final List<Column<ClusterCostView>> AMOUNTS =
      List.of(
          new Column<>("cluster", ClusterCostView::cluster),
          new Column<>("used", cost -> money(cost.used(), cost.currency())),
          new Column<>("disks", cost -> money(cost.disks(), cost.currency())),
          new Column<>("total", cost -> money(cost.total(), cost.currency())),
          new Column<>("month's forecast", cost -> money(cost.forecast(), cost.currency())),
          new Column<>("if always on", cost -> money(cost.alwaysOn(), cost.currency())),
          new Column<>("session now", cost -> money(cost.now(), cost.currency())));

  private static final List<Column<PipelineCostView>> PIPELINES =
      List.of(
          new Column<>("pipeline", PipelineCostView::pipeline),
          new Column<>("cluster", PipelineCostView::cluster),
          new Column<>("runs", PipelineCostView::runs),
          new Column<>("work", PipelineCostView::work),
          new Column<>("cost", cost -> money(cost.amount(), cost.currency())));

  private static final List<Column<BudgetView>> BUDGETS =
      List.of(
          new Column<>("budget of", BudgetView::pipeline),
          new Column<>("month", budget -> budget.month() + " " + budget.currency()),
          new Column<>(
              "spent",
              budget -> money(Optional.of(budget.spent()), Optional.of(budget.currency()))),
          new Column<>("state", BudgetView::state));

  private static final List<Column<RunCostView>> RUNS =
      List.of(
          new Column<>("run", RunCostView::run),
          new Column<>("cluster", RunCostView::cluster),
          new Column<>("session", RunCostView::session),
          new Column<>("work", RunCostView::work),
          new Column<>("cost", cost -> money(cost.amount(), cost.currency())));

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "such as 2026-11 (default: this month)")
  private Optional<YearMonth> month = Optional.empty();

  @Option(names = "--runs", description = "also what each run has cost")
  private boolean runs;

  @Override
  int call(ControlPlane plane, Report report) {
    CostView cost = plane.cost(month);
    if (report.format() == OutputFormat.CSV) {
      report.list(cost.runs(), RUNS, "No runs.");
    } else {
      report.one(cost, List.of(), () -> text(cost, report));
    }
    return ExitCodes.OK;
  }

  private String text(CostView cost, Report report) {
    StringBuilder text =
        new StringBuilder(
            "%s until %s, estimated:%n%n"
                .formatted(cost.month(), Columns.time(cost.asOf(), report)));
    text.append(report.table(cost.clusters(), CLUSTERS));
    List<ClusterCostView> priced =
        cost.clusters().stream().filter(cluster -> cluster.currency().isPresent()).toList();
    if (!priced.isEmpty()) {
      text.append('\n').append(report.table(priced, AMOUNTS));
    }
    if (!cost.pipelines().isEmpty()) {
      text.append('\n').append(report.table(cost.pipelines(), PIPELINES));
    }
    if (!cost.budgets().isEmpty()) {
      text.append('\n').append(report.table(cost.budgets(), BUDGETS));
    }
    if (runs && !cost.runs().isEmpty()) {
      text.append('\n').append(report.table(cost.runs(), RUNS));
    }
    cost.clusters().stream()
        .filter(cluster -> cluster.currency().isEmpty())
        .forEach(
            cluster ->
                text.append(
                    "%nThere is no price of cluster %s: set caravan.cluster.%s.price.hour.%n"
                        .formatted(cluster.cluster(), cluster.cluster())));
    return text.toString();
  }

  private static Optional<Duration> time(ClusterCostView cost, Phase phase) {
    return Optional.ofNullable(cost.phases().get(phase)).map(PhaseCostView::time);
  }

  private static Optional<String> money(Optional<BigDecimal> amount, Optional<String> currency) {
    return amount.map(
        exact ->
            exact.setScale(2, RoundingMode.HALF_UP).toPlainString()
                + currency.map(name -> " " + name).orElse(""));
  }
}
