package dev.caravan.processors.journal;

import java.util.List;

/**
 * All that the journal knows of one use of a cluster.
 *
 * @param statuses what was seen of the cluster, oldest first
 * @param runs those that used it, in the order in which they began
 * @param attempts of these runs' jobs, some of them perhaps in another session
 * @param steps of these runs, some of them perhaps in another session
 */
public record SessionRecord(
    ClusterSession session,
    List<ClusterStatusInterval> statuses,
    List<Run> runs,
    List<JobRun> attempts,
    List<StepRecord> steps) {

  public SessionRecord {
    statuses = List.copyOf(statuses);
    runs = List.copyOf(runs);
    attempts = List.copyOf(attempts);
    steps = List.copyOf(steps);
  }
}
