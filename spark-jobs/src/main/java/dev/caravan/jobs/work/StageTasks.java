package dev.caravan.jobs.work;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long the tasks of one stage took. */
final class StageTasks {
  private final String name;
  private long[] millis = new long[16];
  private int tasks;

  StageTasks(String name) {
    this.name = name;
  }

  void took(long taskMillis) {
    if (tasks == millis.length) {
      millis = Arrays.copyOf(millis, 2 * tasks);
    }
    millis[tasks++] = taskMillis;
  }

  /** How long the slowest task ran on after half of them would have ended: what skew costs. */
  long lag() {
    return tasks < 2 ? 0 : max() - median();
  }

  private long max() {
    return Arrays.stream(millis, 0, tasks).max().orElse(0);
  }

  private long median() {
    long[] sorted = Arrays.copyOf(millis, tasks);
    Arrays.sort(sorted);
    return sorted[tasks / 2];
  }

  Map<String, Object> skew() {
    Map<String, Object> skew = new LinkedHashMap<>();
    skew.put("stage", name);
    skew.put("tasks", tasks);
    skew.put("medianTaskSeconds", median() / 1000.0);
    skew.put("maxTaskSeconds", max() / 1000.0);
    skew.put("ratio", Math.round(10.0 * max() / Math.max(1, median())) / 10.0);
    return skew;
  }
}
