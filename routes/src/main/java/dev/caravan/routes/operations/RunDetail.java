package dev.caravan.routes.operations;

import java.util.List;
import java.util.Optional;

/**
 * All that is known of a run.
 *
 * @param jobs in the order of the definition
 * @param session the use of the cluster that it is in, or was last
 */
public record RunDetail(
    RunView run,
    List<StepView> steps,
    List<JobView> jobs,
    Optional<SessionView> session,
    List<EventView> events) {

  public RunDetail {
    steps = List.copyOf(steps);
    jobs = List.copyOf(jobs);
    events = List.copyOf(events);
  }
}
