package dev.caravan.bench.spark;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What must not matter much: little memory, which is to make an application spill and not die; and
 * a channel that one person in five subscribes to, which is not to dominate.
 */
final class BoundsWork implements SparkBenchWork {
  /** Of the driver, and so of everything on {@code local[*]}. */
  private static final String LITTLE_MEMORY = "1g";

  @Override
  public Set<BenchLake> reads(List<Size> sizes) {
    Set<BenchLake> lakes = EnumSet.of(BenchLake.USUAL, BenchLake.EVEN);
    sizes.forEach(size -> lakes.add(size.lake()));
    return lakes;
  }

  @Override
  public void measure(SparkPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      memory(plan);
      skew(plan);
    }
  }

  private static void memory(SparkPlan plan) throws IOException, InterruptedException {
    for (Size size : plan.sizes()) {
      ProcessCost run =
          run(plan, "ours-little", size.lake(), size.days(), LITTLE_MEMORY, DatamartNames.ALL);
      add(plan, "memory", size.label() + " with a driver of 1 GiB", "s", run.seconds());
      add(plan, "memory", size.label() + ": peak", "MB", run.peakBytes() / 1e6);
      add(plan, "memory", size.label() + ": spilled", "MB", run.effort().spillBytes() / 1e6);
    }
  }

  private static void skew(SparkPlan plan) throws IOException, InterruptedException {
    int days = Size.THIRTY_DAYS.days();
    List<String> alone = List.of(DatamartNames.RECOMMENDATIONS);
    ProcessCost skewed = run(plan, "ours-skewed", BenchLake.USUAL, days, plan.memory(), alone);
    ProcessCost even = run(plan, "ours-even", BenchLake.EVEN, days, plan.memory(), alone);
    add(plan, "skew", "recommendations, a channel of 20 %", "s", skewed.seconds());
    add(plan, "skew", "recommendations, without it", "s", even.seconds());
    plan.add(
        new Metric("skew", "time with that channel / without", "x", new Goal.AtMost(1.5)),
        SparkPlan.OURS,
        skewed.seconds() / even.seconds(),
        true);
  }

  /** Dies loudly where the application does, or does not end. */
  private static ProcessCost run(
      SparkPlan plan,
      String target,
      BenchLake lake,
      int days,
      String memory,
      List<String> datamarts)
      throws IOException, InterruptedException {
    ProcessCost run =
        plan.applications()
            .ours(target, lake, days, BenchLake.LAST_DAY.toString(), memory, datamarts);
    if (!run.complete()) {
      throw new IllegalStateException(target + " did not end within the bound");
    }
    return run;
  }

  private static void add(SparkPlan plan, String work, String what, String unit, double value) {
    plan.add(new Metric(work, what, unit, new Goal.None()), SparkPlan.OURS, value, true);
  }
}
