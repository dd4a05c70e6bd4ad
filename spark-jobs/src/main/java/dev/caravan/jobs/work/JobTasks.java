package dev.caravan.jobs.work;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** The sums over all tasks of one job of ours. Not for several threads. */
final class JobTasks {
  private final Map<Integer, StageTasks> stages = new LinkedHashMap<>();
  private final Map<String, Long> sums = new LinkedHashMap<>();
  private long sparkJobs;
  private long tasks;
  private long failedTasks;
  private long millis;
  private long cpuNanos;
  private long gcMillis;
  private long peakMemory;

  void sparkJob() {
    sparkJobs++;
  }

  void stage(int stage, String name) {
    stages.putIfAbsent(stage, new StageTasks(name));
  }

  void ended(SparkListenerTaskEnd task) {
    tasks++;
    long took = task.taskInfo().duration();
    millis += took;
    if (!task.taskInfo().successful()) {
      failedTasks++;
    } else if (stages.containsKey(task.stageId())) {
      stages.get(task.stageId()).took(took);
    }
    // A task that was lost with its executor has none.
    if (task.taskMetrics() != null) {
      add(task.taskMetrics());
    }
  }

  private void add(TaskMetrics metrics) {
    cpuNanos += metrics.executorCpuTime() + metrics.executorDeserializeCpuTime();
    gcMillis += metrics.jvmGCTime();
    peakMemory = Math.max(peakMemory, metrics.peakExecutionMemory());
    sum("inputBytes", metrics.inputMetrics().bytesRead());
    sum("inputRows", metrics.inputMetrics().recordsRead());
    sum("shuffleReadBytes", metrics.shuffleReadMetrics().totalBytesRead());
    sum("shuffleWriteBytes", metrics.shuffleWriteMetrics().bytesWritten());
    sum("spilledMemoryBytes", metrics.memoryBytesSpilled());
    sum("spilledDiskBytes", metrics.diskBytesSpilled());
    sum("outputBytes", metrics.outputMetrics().bytesWritten());
    sum("outputRows", metrics.outputMetrics().recordsWritten());
  }

  private void sum(String name, long more) {
    sums.merge(name, more, Long::sum);
  }

  /** For the summary; the skew is that of the stage that lost most by it. */
  Map<String, Object> entry() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("jobs", sparkJobs);
    entry.put("stages", stages.size());
    entry.put("tasks", tasks);
    entry.put("failedTasks", failedTasks);
    entry.put("taskSeconds", millis / 1000.0);
    entry.put("cpuSeconds", cpuNanos / 1_000_000 / 1000.0);
    entry.put("gcSeconds", gcMillis / 1000.0);
    entry.put("peakTaskMemoryBytes", peakMemory);
    entry.putAll(sums);
    stages.values().stream()
        .filter(stage -> stage.lag() > 0)
        .max(Comparator.comparingLong(StageTasks::lag))
        .ifPresent(stage -> entry.put("skew", stage.skew()));
    return entry;
  }
}
