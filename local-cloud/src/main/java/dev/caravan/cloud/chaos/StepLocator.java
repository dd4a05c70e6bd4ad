package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.RunReport.Moment;
import dev.caravan.cloud.chaos.Strike.Place;
import java.time.Instant;
import java.util.List;

/** Finds the step of a run that a disturbance hit. */
final class StepLocator {
  private StepLocator() {}

  /**
   * The last step that the process at hand had begun, unless it had ended by then. A step that a
   * killed process left open is no step of the next process.
   *
   * @param steps of the journal, in the order in which they began
   */
  static String locate(List<JournalFile.Step> steps, Moment moment) {
    if (moment.message().filter(each -> each.line() == Line.ENDPOINT_TO_CLOUD).isPresent()) {
      // The lease stops the cluster: no process of ours takes a step.
      return "STOP_BY_LEASE";
    }
    if (moment.step().equals(RunReport.NO_ENDPOINT)) {
      return RunReport.NO_ENDPOINT;
    }
    String outside =
        moment.disturbance().at().place() == Place.BETWEEN_RUNS
            ? Place.BETWEEN_RUNS.toString()
            : isOfJournal(moment) && isBetween(steps, moment)
                ? RunReport.BETWEEN_STEPS
                : RunReport.OUTSIDE;
    return steps.stream()
        .filter(step -> !step.begun().isBefore(moment.processStarted()))
        .filter(step -> !step.begun().isAfter(moment.at()))
        .reduce((first, second) -> second)
        .filter(step -> isOpen(step, moment.at()))
        .map(JournalFile.Step::step)
        .orElse(outside);
  }

  private static boolean isOfJournal(Moment moment) {
    return moment.message().filter(each -> each.line() == Line.ORCHESTRATOR_TO_JOURNAL).isPresent();
  }

  /** Whether the process at hand has taken a step and somebody takes a further one. */
  private static boolean isBetween(List<JournalFile.Step> steps, Moment moment) {
    return steps.stream()
            .anyMatch(
                step ->
                    !step.begun().isBefore(moment.processStarted())
                        && !step.begun().isAfter(moment.at()))
        && steps.stream().anyMatch(step -> step.begun().isAfter(moment.at()));
  }

  private static boolean isOpen(JournalFile.Step step, Instant at) {
    return step.ended().filter(end -> end.isBefore(at)).isEmpty();
  }
}
