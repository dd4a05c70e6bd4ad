package dev.caravan.processors.steps;

import dev.caravan.processors.cost.Budget;
import dev.caravan.processors.cost.MonthCost;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.BudgetState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.shared.ElapsedClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the pipelines have spent this month, of UTC, with their budgets, every {@link
 * #EVERY} at most. It ends no run, and refuses none itself: who queues runs goes by what is written
 * here.
 */
public final class CheckBudgets extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(CheckBudgets.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Journal journal;
  private final Supplier<List<Budgeted>> pipelines;
  private final Map<String, Prices> prices;
  private final ElapsedClock clock;
  private final Set<String> unpriced = new HashSet<>();
  private Duration next = Duration.ZERO;

  /** A pipeline that has a budget; its currency is that of the cluster with this id. */
  public record Budgeted(String pipeline, Budget budget, String clusterId) {}

  /**
   * @param pipelines asked at each check, since their files may have been edited
   * @param prices by the clusters' ids; those without a price aren't in it
   */
  public CheckBudgets(
      Journal journal,
      Supplier<List<Budgeted>> pipelines,
      Map<String, Prices> prices,
      ElapsedClock clock) {
    this.journal = journal;
    this.pipelines = pipelines;
    this.prices = Map.copyOf(prices);
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    if (clock.elapsed().compareTo(next) < 0) {
      return;
    }
    next = clock.elapsed().plus(EVERY);
    Instant now = clock.instant();
    YearMonth month = YearMonth.from(now.atZone(ZoneOffset.UTC));
    List<Budgeted> budgeted = pipelines.get();
    if (!budgeted.isEmpty()) {
      MonthCost cost = MonthCost.read(journal.history(), month, now);
      budgeted.forEach(each -> check(each, month, cost));
    }
    Set<String> known = budgeted.stream().map(Budgeted::pipeline).collect(Collectors.toSet());
    withAlarms().stream()
        .filter(pipeline -> !known.contains(pipeline))
        .forEach(gone -> journal.budgets().judge(gone, month, BudgetState.WITHIN, ""));
  }

  private void check(Budgeted each, YearMonth month, MonthCost cost) {
    Optional<String> currency =
        Optional.ofNullable(prices.get(each.clusterId())).map(Prices::currency);
    if (currency.isEmpty()) {
      if (unpriced.add(each.pipeline())) {
        LOG.warn(
            "Pipeline {} has a budget, but its cluster has no price: set caravan.cluster.NAME.price.hour",
            each.pipeline());
      }
      return;
    }
    BigDecimal spent = cost.spent(each.pipeline(), prices, currency.get());
    journal
        .budgets()
        .judge(
            each.pipeline(),
            month,
            each.budget().state(spent),
            each.budget().words(spent, currency.get()));
  }

  /** The pipelines of whose budgets there are alarms. */
  private Set<String> withAlarms() {
    return journal.alarms().raised().stream()
        .filter(
            alarm ->
                alarm.kind() == AlarmKind.BUDGET_WARNING
                    || alarm.kind() == AlarmKind.BUDGET_EXCEEDED)
        .map(alarm -> alarm.subject().split("/", -1)[0])
        .collect(Collectors.toSet());
  }
}
