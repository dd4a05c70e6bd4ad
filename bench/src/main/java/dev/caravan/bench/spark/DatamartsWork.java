package dev.caravan.bench.spark;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All three datamarts of a date: ours in one application, the naive ones in three; and the
 * recommendations by themselves. Whenever both have ended, their rows are compared.
 */
final class DatamartsWork implements SparkBenchWork {
  private static final double BYTES_A_MEGABYTE = 1e6;

  /** A change that is to make a night cheaper is to save a third. */
  private static final Goal SHORTER = new Goal.AtMost(0.67);

  /** What a naive application took that did not end within the bound: once is enough. */
  private final Map<String, ProcessCost> ended = new HashMap<>();

  @Override
  public void measure(SparkPlan plan) throws IOException, InterruptedException {
    for (Size size : plan.sizes()) {
      for (int round = 0; round < plan.rounds(); round++) {
        measure(plan, size, round);
      }
    }
    growth(plan);
  }

  private void measure(SparkPlan plan, Size size, int round)
      throws IOException, InterruptedException {
    List<String> complete = new ArrayList<>();
    if (round % 2 == 0) {
      ours(plan, size);
      complete.addAll(naive(plan, size));
    } else {
      complete.addAll(naive(plan, size));
      ours(plan, size);
    }
    String date = BenchLake.LAST_DAY.toString();
    for (String datamart : DatamartNames.ALL) {
      Rows rows = plan.applications().rows("ours-all", datamart, date);
      plan.add(
          new Metric(size.label(), "rows of " + datamart, "", new Goal.None()),
          SparkPlan.OURS,
          rows.count(),
          true);
      if (datamart.equals(DatamartNames.RECOMMENDATIONS)) {
        rows.mustEqual(plan.applications().rows("ours-one", datamart, date), datamart + " alone");
      }
      if (complete.contains(datamart)) {
        Rows naive = plan.applications().rows("naive", datamart, date);
        naive.mustEqual(rows, size.label() + ", " + datamart);
        plan.add(
            new Metric(size.label(), "rows of " + datamart, "", new Goal.None()),
            SparkPlan.NAIVE,
            naive.count(),
            true);
      }
    }
  }

  private static void ours(SparkPlan plan, Size size) throws IOException, InterruptedException {
    String date = BenchLake.LAST_DAY.toString();
    ProcessCost all =
        plan.applications()
            .ours("ours-all", size.lake(), size.days(), date, plan.memory(), DatamartNames.ALL);
    add(plan, size, SparkPlan.OURS, all);
    Optional<ProcessCost> older =
        plan.applications()
            .older("older-all", size.lake(), size.days(), date, plan.memory(), DatamartNames.ALL);
    if (older.isPresent()) {
      beside(plan, size, all, older.get());
    }
    ProcessCost alone =
        plan.applications()
            .ours(
                "ours-one",
                size.lake(),
                size.days(),
                BenchLake.LAST_DAY.toString(),
                plan.memory(),
                List.of(DatamartNames.RECOMMENDATIONS));
    plan.add(recommendations(size), SparkPlan.OURS, alone.seconds(), alone.complete());
  }

  /** What the older jar took, ours by that, and that the rows are the same. */
  private static void beside(SparkPlan plan, Size size, ProcessCost all, ProcessCost older)
      throws IOException {
    double cpu = all.cpu().toMillis() / 1e3;
    double olderCpu = older.cpu().toMillis() / 1e3;
    boolean complete = all.complete() && older.complete();
    add(plan, size, "older jar", "s", new Goal.None(), older.seconds(), complete);
    add(plan, size, "by the older jar's", "x", SHORTER, all.seconds() / older.seconds(), complete);
    add(plan, size, "older jar: processor time", "s", new Goal.None(), olderCpu, complete);
    add(plan, size, "processor time by the older jar's", "x", SHORTER, cpu / olderCpu, complete);
    if (complete) {
      for (String datamart : DatamartNames.ALL) {
        String date = BenchLake.LAST_DAY.toString();
        plan.applications()
            .rows("ours-all", datamart, date)
            .mustEqual(
                plan.applications().rows("older-all", datamart, date), datamart + ", older jar");
      }
    }
  }

  private static void add(
      SparkPlan plan,
      Size size,
      String what,
      String unit,
      Goal goal,
      double value,
      boolean complete) {
    plan.add(
        new Metric(
            size.label(),
            "three datamarts: " + what,
            unit,
            size == Size.THIRTY_DAYS ? goal : new Goal.None()),
        SparkPlan.OURS,
        value,
        complete);
  }

  /** Which datamarts it has made in this round. */
  private List<String> naive(SparkPlan plan, Size size) throws IOException, InterruptedException {
    List<String> complete = new ArrayList<>();
    ProcessCost all = ProcessCost.NONE;
    for (String datamart : plan.naive()) {
      String key = size.label() + datamart;
      ProcessCost run =
          ended.containsKey(key)
              ? ended.get(key)
              : plan.applications()
                  .naive("naive", size.lake(), size.days(), plan.memory(), datamart);
      if (run.complete()) {
        complete.add(datamart);
      } else {
        ended.put(key, run);
      }
      if (datamart.equals(DatamartNames.RECOMMENDATIONS)) {
        plan.add(recommendations(size), SparkPlan.NAIVE, run.seconds(), run.complete());
      } else {
        plan.add(
            new Metric(size.label(), datamart, "s", new Goal.None()),
            SparkPlan.NAIVE,
            run.seconds(),
            run.complete());
      }
      all = all.then(run);
    }
    if (plan.naive().containsAll(DatamartNames.ALL)) {
      add(plan, size, SparkPlan.NAIVE, all);
    }
    return complete;
  }

  private static Metric recommendations(Size size) {
    return new Metric(
        size.label(),
        "recommendations alone",
        "s",
        size == Size.TENFOLD ? new Goal.TimesBetter(30) : new Goal.None());
  }

  private static Metric wall(Size size) {
    Goal goal =
        switch (size) {
          case TEN_DAYS -> new Goal.TimesBetter(5);
          case THIRTY_DAYS -> new Goal.TimesBetter(10);
          case TENFOLD -> new Goal.None();
        };
    return new Metric(size.label(), "three datamarts", "s", goal);
  }

  private static void add(SparkPlan plan, Size size, String side, ProcessCost run) {
    plan.add(wall(size), side, run.seconds(), run.complete());
    Map<String, Double> more = new java.util.LinkedHashMap<>();
    more.put("processor time, s", run.cpu().toMillis() / 1e3);
    more.put("peak memory, MB", run.peakBytes() / BYTES_A_MEGABYTE);
    more.put("shuffled, MB", run.effort().shuffleBytes() / BYTES_A_MEGABYTE);
    more.put("spilled, MB", run.effort().spillBytes() / BYTES_A_MEGABYTE);
    more.put("rows read, thousands", run.effort().rowsRead() / 1e3);
    more.put("Spark jobs", (double) run.effort().jobs());
    more.put("tasks", (double) run.effort().tasks());
    more.forEach(
        (what, value) -> {
          String[] words = what.split(", ", 2);
          plan.add(
              new Metric(
                  size.label(),
                  "three datamarts: " + words[0],
                  words.length == 1 ? "" : words[1],
                  new Goal.None()),
              side,
              value,
              run.complete());
        });
  }

  /** From 10 to 30 days time may grow as rows do. */
  private static void growth(SparkPlan plan) {
    plan.results()
        .median(wall(Size.TEN_DAYS), SparkPlan.OURS)
        .ifPresent(
            ten ->
                plan.results()
                    .median(wall(Size.THIRTY_DAYS), SparkPlan.OURS)
                    .ifPresent(
                        thirty ->
                            plan.add(
                                new Metric(
                                    "growth",
                                    "time of 30 days / of 10 days",
                                    "x",
                                    new Goal.AtMost(
                                        (double) Size.THIRTY_DAYS.rows() / Size.TEN_DAYS.rows())),
                                SparkPlan.OURS,
                                thirty / ten,
                                true)));
  }
}
