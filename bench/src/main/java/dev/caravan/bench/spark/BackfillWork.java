package dev.caravan.bench.spark;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** Seven dates of thirty days each: in one application, and in one for each. */
final class BackfillWork implements SparkBenchWork {
  private static final int DATES = 7;

  @Override
  public Set<BenchLake> reads(List<Size> sizes) {
    return Set.of(Size.THIRTY_DAYS.lake());
  }

  @Override
  public void measure(SparkPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      ProcessCost together;
      ProcessCost apart;
      if (round % 2 == 0) {
        together = together(plan);
        apart = apart(plan);
      } else {
        apart = apart(plan);
        together = together(plan);
      }
      add(plan, "in one application", together);
      add(plan, "in seven", apart);
      plan.add(
          new Metric(
              "backfill", "7 dates: in one application / in seven", "x", new Goal.AtMost(0.5)),
          SparkPlan.OURS,
          together.seconds() / apart.seconds(),
          together.complete() && apart.complete());
      compare(plan);
    }
  }

  private static LocalDate first() {
    return BenchLake.LAST_DAY.minusDays(DATES - 1L);
  }

  private static ProcessCost together(SparkPlan plan) throws IOException, InterruptedException {
    return run(plan, "ours-together", first() + ".." + BenchLake.LAST_DAY);
  }

  private static ProcessCost apart(SparkPlan plan) throws IOException, InterruptedException {
    ProcessCost all = ProcessCost.NONE;
    for (int day = 0; day < DATES; day++) {
      all = all.then(run(plan, "ours-apart", first().plusDays(day).toString()));
    }
    return all;
  }

  private static ProcessCost run(SparkPlan plan, String target, String dates)
      throws IOException, InterruptedException {
    return plan.applications()
        .ours(
            target,
            Size.THIRTY_DAYS.lake(),
            Size.THIRTY_DAYS.days(),
            dates,
            plan.memory(),
            DatamartNames.ALL);
  }

  private static void add(SparkPlan plan, String how, ProcessCost run) {
    plan.add(
        new Metric("backfill", "7 dates " + how, "s", new Goal.None()),
        SparkPlan.OURS,
        run.seconds(),
        run.complete());
    plan.add(
        new Metric("backfill", "7 dates " + how + ": rows read", "1000", new Goal.None()),
        SparkPlan.OURS,
        run.effort().rowsRead() / 1e3,
        run.complete());
  }

  private static void compare(SparkPlan plan) throws IOException {
    for (int day = 0; day < DATES; day++) {
      String date = first().plusDays(day).toString();
      for (String datamart : DatamartNames.ALL) {
        plan.applications()
            .rows("ours-together", datamart, date)
            .mustEqual(
                plan.applications().rows("ours-apart", datamart, date),
                "backfill of " + date + ", " + datamart);
      }
    }
  }
}
