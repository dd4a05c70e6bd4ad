package dev.caravan.bench.spark;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two users in five with the same coordinates, as an address gives that is no more than a city's
 * name: near pairs grow with the square of such a crowd, and that is not to dominate.
 */
final class CrowdWork implements SparkBenchWork {
  private static final String WORK = "crowd";
  private static final double MOST_TIMES = 4;
  private static final List<String> ALONE = List.of(DatamartNames.RECOMMENDATIONS);

  @Override
  public Set<BenchLake> reads(List<Size> sizes) {
    return EnumSet.of(BenchLake.SCATTERED, BenchLake.CROWDED);
  }

  @Override
  public void measure(SparkPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      ProcessCost scattered = ours(plan, BenchLake.SCATTERED);
      ProcessCost crowded = ours(plan, BenchLake.CROWDED);
      add(plan, "without a crowd", scattered);
      add(plan, "with one of 8,000", crowded);
      plan.add(
          new Metric(
              WORK, "processor time of tasks: with / without", "x", new Goal.AtMost(MOST_TIMES)),
          SparkPlan.OURS,
          ratio(crowded, scattered),
          true);
      Optional<ProcessCost> olderScattered = older(plan, BenchLake.SCATTERED);
      Optional<ProcessCost> olderCrowded = older(plan, BenchLake.CROWDED);
      if (olderScattered.isPresent() && olderCrowded.isPresent()) {
        add(plan, "older jar: without a crowd", olderScattered.get());
        add(plan, "older jar: with one", olderCrowded.get());
        plan.add(
            new Metric(WORK, "older jar: with / without", "x", new Goal.None()),
            SparkPlan.OURS,
            ratio(olderCrowded.get(), olderScattered.get()),
            olderCrowded.get().complete());
        compare(plan, crowded, olderCrowded.get());
      }
    }
  }

  /**
   * A larger output is no fault, and so what it costs is left out: its rows are written by tasks
   * that do nothing else, and before that they are kept to be counted, which costs about the same.
   */
  private static double ratio(ProcessCost crowded, ProcessCost scattered) {
    return (double) withoutOutput(crowded.effort()) / withoutOutput(scattered.effort());
  }

  private static long withoutOutput(SparkMetrics effort) {
    return effort.cpu().minus(effort.writing()).toMillis();
  }

  private static ProcessCost ours(SparkPlan plan, BenchLake lake)
      throws IOException, InterruptedException {
    ProcessCost run =
        plan.applications()
            .ours(
                "ours-" + lake,
                lake,
                lake.days(),
                BenchLake.LAST_DAY.toString(),
                plan.memory(),
                ALONE);
    if (!run.complete()) {
      throw new IllegalStateException("ours of " + lake + " did not end within the bound");
    }
    return run;
  }

  private static Optional<ProcessCost> older(SparkPlan plan, BenchLake lake)
      throws IOException, InterruptedException {
    return plan.applications()
        .older(
            "older-" + lake,
            lake,
            lake.days(),
            BenchLake.LAST_DAY.toString(),
            plan.memory(),
            ALONE);
  }

  /**
   * Row by row without the crowd; with it there are millions, and only their number is looked at.
   */
  private static void compare(SparkPlan plan, ProcessCost crowded, ProcessCost olderCrowded)
      throws IOException {
    String date = BenchLake.LAST_DAY.toString();
    plan.applications()
        .rows("ours-" + BenchLake.SCATTERED, DatamartNames.RECOMMENDATIONS, date)
        .mustEqual(
            plan.applications()
                .rows("older-" + BenchLake.SCATTERED, DatamartNames.RECOMMENDATIONS, date),
            "recommendations of " + BenchLake.SCATTERED + ", older jar");
    long rows = crowded.effort().rowsWritten();
    long olderRows = olderCrowded.effort().rowsWritten();
    if (olderCrowded.complete() && rows != olderRows) {
      throw new IllegalStateException(
          "recommendations of %s: %,d rows beside %,d of the older jar"
              .formatted(BenchLake.CROWDED, rows, olderRows));
    }
  }

  private static void add(SparkPlan plan, String what, ProcessCost run) {
    SparkMetrics effort = run.effort();
    add(plan, what, "s", run.seconds(), run.complete());
    add(plan, what + ": tasks' CPU", "s", seconds(effort.cpu()), run.complete());
    add(plan, what + ": tasks that write, CPU", "s", seconds(effort.writing()), run.complete());
    add(plan, what + ": rows written", "1000", effort.rowsWritten() / 1e3, run.complete());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }

  private static void add(
      SparkPlan plan, String what, String unit, double value, boolean complete) {
    plan.add(new Metric(WORK, what, unit, new Goal.None()), SparkPlan.OURS, value, complete);
  }
}
