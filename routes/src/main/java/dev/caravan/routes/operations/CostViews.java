package dev.caravan.routes.operations;

import dev.caravan.processors.cost.Budget;
import dev.caravan.processors.cost.ClusterCost;
import dev.caravan.processors.cost.MonthCost;
import dev.caravan.processors.cost.Phase;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.cost.Rate;
import dev.caravan.processors.cost.SessionCost;
import dev.caravan.processors.cost.Spent;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.settings.NamedCluster;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes the views of what the clusters cost, of settings and journal. */
final class CostViews {
  private static final Prices NONE = new Prices("", Rate.NONE, Rate.NONE, Rate.NONE);
  private static final int DIGITS = 4;

  private final List<NamedCluster> clusters;
  private final Supplier<List<Pipeline>> pipelines;
  private final Journal journal;

  CostViews(List<NamedCluster> clusters, Supplier<List<Pipeline>> pipelines, Journal journal) {
    this.clusters = clusters;
    this.pipelines = pipelines;
    this.journal = journal;
  }

  /** The clusters of the settings; what ran on another one, of former settings, is left out. */
  CostView of(YearMonth month, Instant now) {
    MonthCost sessions = MonthCost.read(journal.history(), month, now);
    List<ClusterCostView> costs = new ArrayList<>();
    List<RunCostView> runs = new ArrayList<>();
    clusters.stream()
        .sorted(Comparator.comparing(NamedCluster::name))
        .forEach(
            cluster -> {
              ClusterCost cost = cost(cluster, month, now, sessions);
              costs.add(view(cluster, cost));
              cost.sessions().forEach(session -> runs.addAll(runs(cluster, session)));
            });
    return new CostView(month, now, costs, pipelines(runs), budgets(sessions), runs);
  }

  private List<BudgetView> budgets(MonthCost cost) {
    Map<String, Prices> prices = new TreeMap<>();
    clusters.forEach(
        cluster -> cluster.prices().ifPresent(set -> prices.put(cluster.config().id(), set)));
    List<BudgetView> budgets = new ArrayList<>();
    for (Pipeline pipeline : pipelines.get()) {
      Optional<String> currency =
          clusters.stream()
              .filter(cluster -> cluster.name().equals(pipeline.cluster()))
              .flatMap(cluster -> cluster.prices().stream())
              .map(Prices::currency)
              .findFirst();
      if (pipeline.budget().isPresent() && currency.isPresent()) {
        Budget budget = pipeline.budget().get();
        BigDecimal spent = cost.spent(pipeline.name(), prices, currency.get());
        budgets.add(
            new BudgetView(
                pipeline.name(),
                currency.get(),
                budget.amount(),
                spent.setScale(DIGITS, RoundingMode.HALF_UP),
                budget.warnAt(),
                budget.state(spent)));
      }
    }
    return budgets;
  }

  private static ClusterCost cost(
      NamedCluster cluster, YearMonth month, Instant now, MonthCost cost) {
    Prices prices = cluster.prices().orElse(NONE);
    return new ClusterCost(prices, month, now, cost.on(cluster.config().id(), prices));
  }

  private static ClusterCostView view(NamedCluster cluster, ClusterCost cost) {
    Map<Phase, PhaseCostView> phases = new EnumMap<>(Phase.class);
    cost.phases()
        .forEach(
            (phase, spent) ->
                phases.put(
                    phase, new PhaseCostView(spent.time(), amount(cluster, spent.amount()))));
    Optional<Spent> open =
        cost.sessions().stream()
            .filter(each -> goesOn(each.session()))
            .map(SessionCost::total)
            .reduce(Spent::plus);
    return new ClusterCostView(
        cluster.name(),
        cluster.prices().map(Prices::currency),
        cost.sessions().size(),
        cost.used().time(),
        phases,
        amount(cluster, cost.used().amount()),
        amount(cluster, cost.disks()),
        amount(cluster, cost.total()),
        amount(cluster, cost.forecast()),
        amount(cluster, cost.alwaysOn()),
        open.flatMap(spent -> amount(cluster, spent.amount())));
  }

  private static boolean goesOn(ClusterSession session) {
    return !session.isOver();
  }

  private static Optional<BigDecimal> amount(NamedCluster cluster, BigDecimal exact) {
    return cluster.prices().map(prices -> exact.setScale(DIGITS, RoundingMode.HALF_UP));
  }

  private static List<RunCostView> runs(NamedCluster cluster, SessionCost session) {
    return session.runs().stream()
        .map(
            share ->
                new RunCostView(
                    share.run().id(),
                    share.run().pipeline(),
                    cluster.name(),
                    session.session().id(),
                    share.work(),
                    cluster.prices().map(Prices::currency),
                    amount(cluster, share.amount())))
        .toList();
  }

  private static List<PipelineCostView> pipelines(List<RunCostView> runs) {
    Map<String, PipelineCostView> sums = new TreeMap<>();
    for (RunCostView run : runs) {
      sums.merge(
          run.pipeline() + "/" + run.cluster(),
          new PipelineCostView(
              run.pipeline(), run.cluster(), 1, run.work(), run.currency(), run.amount()),
          CostViews::sum);
    }
    return List.copyOf(sums.values());
  }

  private static PipelineCostView sum(PipelineCostView one, PipelineCostView other) {
    Duration work = one.work().plus(other.work());
    return new PipelineCostView(
        one.pipeline(),
        one.cluster(),
        one.runs() + other.runs(),
        work,
        one.currency(),
        one.amount().flatMap(amount -> other.amount().map(amount::add)));
  }
}
