package dev.caravan.routes.operations;

import java.util.List;
import java.util.Optional;

/**
 * A pipeline as it is now.
 *
 * @param schedule empty: it runs by hand only
 * @param next when it falls due next, five times at most; a pause makes them skipped
 * @param pause empty: it isn't paused
 * @param faults what is wrong with its file, whose last good version is in use
 * @param lastRun the latest that began or was queued
 * @param definition the text of its file; empty in a list of pipelines
 */
public record PipelineView(
    String name,
    String cluster,
    int parallel,
    Optional<ScheduleView> schedule,
    List<FireTime> next,
    Optional<PauseView> pause,
    List<PlannedJob> jobs,
    List<String> faults,
    Optional<RunView> lastRun,
    Optional<String> definition) {

  public PipelineView {
    next = List.copyOf(next);
    jobs = List.copyOf(jobs);
    faults = List.copyOf(faults);
  }
}
