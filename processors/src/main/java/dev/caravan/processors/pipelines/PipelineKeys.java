package dev.caravan.processors.pipelines;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a pipeline's file, by section; docs/pipeline.schema.json has the same. */
final class PipelineKeys {
  static final Set<String> PIPELINE =
      Set.of("schedule", "cluster", "parallel", "budget", "vars", "defaults", "jobs");
  static final Set<String> BUDGET = Set.of("month", "warn-at");
  static final Set<String> SCHEDULE =
      Set.of(
          "cron",
          "every",
          "zone",
          "date",
          "catch-up",
          "catch-up-window",
          "overlap",
          "late",
          "done-by");

  /** What a job can have and {@code defaults} can give to all. */
  static final Set<String> DEFAULTS =
      Set.of(
          "file",
          "class",
          "args",
          "py-files",
          "jars",
          "files",
          "archives",
          "conf",
          "queue",
          "driver-memory",
          "driver-cores",
          "executor-memory",
          "executor-cores",
          "num-executors",
          "timeout",
          "poll",
          "attempts",
          "retry-on",
          "retry-delay",
          "together",
          "outputs",
          "summary");

  static final Set<String> JOB = with(DEFAULTS, "needs");
  static final Set<String> OUTPUT = Set.of("at", "columns", "objects", "bytes", "rows");
  static final Set<String> MINIMUM = Set.of("min");
  static final Set<String> ROWS = Set.of("min", "of-median");

  private PipelineKeys() {}

  private static Set<String> with(Set<String> keys, String... further) {
    Set<String> all = new TreeSet<>(keys);
    all.addAll(List.of(further));
    return Set.copyOf(all);
  }
}
