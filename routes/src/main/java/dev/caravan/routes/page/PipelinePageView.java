package dev.caravan.routes.page;

import dev.caravan.routes.operations.BudgetView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.CostView;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunCostView;
import dev.caravan.routes.operations.RunGrid;
import dev.caravan.routes.operations.RunGrids;
import dev.caravan.routes.operations.RunView;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A pipeline: its schedule, its dates as a grid, and how they went as charts.
 *
 * @param days how many dates the grid has
 * @param rows all dates of the span, the latest first
 * @param charts of durations, rows and cost, the oldest date first
 * @param budget of this month, if it has one and its cluster a price
 */
record PipelinePageView(
    Instant now,
    PipelineView pipeline,
    RunGrid grid,
    int days,
    List<Row> rows,
    List<MiniChart> charts,
    Optional<BudgetView> budget) {
  static final int MONTH = 31;
  static final int YEAR = 366;

  private static final int BAR_WIDTH = 100;

  /**
   * A date.
   *
   * @param day empty: it has no run
   * @param bar the length of its duration's bar, of 100
   */
  record Row(LocalDate date, Optional<RunGrid.Day> day, String bar) {
    /** All of it in words, for a title. */
    String words(Instant now) {
      return day.map(
              found ->
                  date
                      + ": "
                      + PageText.state(found.run().state())
                      + (found.runs() > 1 ? ", run " + found.runs() + " of this date" : "")
                      + ", "
                      + PageText.duration(taken(found.run(), now))
                      + found.run().failure().map(why -> ", " + why).orElse(""))
          .orElse(date + ": no run");
    }
  }

  static PipelinePageView of(
      ControlPlane plane, RunGrids grids, String name, int days, Instant now) {
    PipelineView pipeline = plane.pipeline(name);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate from = today.minusDays(days - 1L);
    // A schedule may ask for dates that have not come.
    RunGrid grid = grids.grid(name, from, today.plusDays(MONTH));
    Map<LocalDate, RunGrid.Day> byDate =
        grid.dates().stream().collect(Collectors.toMap(RunGrid.Day::date, Function.identity()));
    LocalDate last =
        grid.dates().stream()
            .findFirst()
            .map(RunGrid.Day::date)
            .filter(date -> date.isAfter(today))
            .orElse(today);
    long longest =
        grid.dates().stream().mapToLong(day -> taken(day.run(), now).toSeconds()).max().orElse(0);
    List<Row> rows = new ArrayList<>();
    for (LocalDate date = last; !date.isBefore(from); date = date.minusDays(1)) {
      Optional<RunGrid.Day> day = Optional.ofNullable(byDate.get(date));
      rows.add(new Row(date, day, bar(day, longest, now)));
    }
    Costs costs = Costs.of(plane, name, now);
    return new PipelinePageView(
        now, pipeline, grid, days, rows, charts(grid, costs, now), costs.budget());
  }

  /** From the beginning of a run to its end, or until now. */
  static Duration taken(RunView run, Instant now) {
    return Duration.between(run.startedAt(), run.endedAt().orElse(now));
  }

  private static String bar(Optional<RunGrid.Day> day, long longest, Instant now) {
    double share =
        day.filter(found -> longest > 0)
            .map(found -> (double) taken(found.run(), now).toSeconds() / longest)
            .orElse(0.0);
    return String.format(Locale.ROOT, "%.1f", share * BAR_WIDTH);
  }

  private static List<MiniChart> charts(RunGrid grid, Costs costs, Instant now) {
    List<RunGrid.Day> days = new ArrayList<>(grid.dates());
    Collections.reverse(days);
    List<RunGrid.Day> ran = days.stream().filter(day -> !day.jobs().isEmpty()).toList();
    List<MiniChart> charts = new ArrayList<>();
    charts.add(
        MiniChart.of(
            "Duration",
            ran,
            day -> OptionalDouble.of(taken(day.run(), now).toSeconds()),
            value -> PageText.duration(Duration.ofSeconds((long) value))));
    charts.add(
        MiniChart.of(
            "Rows",
            ran,
            day ->
                day.rows().isPresent()
                    ? OptionalDouble.of(day.rows().get())
                    : OptionalDouble.empty(),
            value -> PageText.count((long) value)));
    costs
        .currency()
        .ifPresent(
            currency ->
                charts.add(
                    MiniChart.of(
                        "Cost per run, this and last month",
                        ran,
                        day -> costs.of(day.run().id()),
                        value -> String.format(Locale.ROOT, "%.2f %s", value, currency))));
    return charts;
  }

  /** What the runs of this month and the last have cost. */
  private record Costs(
      Map<String, Double> byRun, Optional<String> currency, Optional<BudgetView> budget) {
    static Costs of(ControlPlane plane, String pipeline, Instant now) {
      Map<String, Double> byRun = new HashMap<>();
      Optional<String> currency = Optional.empty();
      Optional<BudgetView> budget = Optional.empty();
      YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
      for (YearMonth each : List.of(month.minusMonths(1), month)) {
        CostView cost = plane.cost(Optional.of(each));
        // The latest one counts, which is that of this month.
        budget = cost.budgets().stream().filter(set -> set.pipeline().equals(pipeline)).findFirst();
        for (RunCostView run : cost.runs()) {
          if (run.pipeline().equals(pipeline) && run.amount().isPresent()) {
            byRun.merge(run.run(), run.amount().get().doubleValue(), Double::sum);
            currency = run.currency();
          }
        }
      }
      return new Costs(byRun, currency, budget);
    }

    OptionalDouble of(String run) {
      Double cost = byRun.get(run);
      return cost == null ? OptionalDouble.empty() : OptionalDouble.of(cost);
    }
  }
}
