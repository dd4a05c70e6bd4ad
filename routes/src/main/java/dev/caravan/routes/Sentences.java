package dev.caravan.routes;

import dev.caravan.processors.journal.RunEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Formats events as sentences, without their run. A cause is reported once: the end of a run
 * doesn't repeat what its job has reported. For use by many threads.
 */
final class Sentences {
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** The event in words. */
  String of(RunEvent event) {
    return switch (event.kind()) {
      case JOB_FAILED -> {
        told.add(event.runId() + event.detail());
        yield Progress.sentence(event);
      }
      case RUN_ENDED ->
          told.add(event.runId() + event.detail())
              ? Progress.sentence(event)
              : "run " + event.subject();
      default -> Progress.sentence(event);
    };
  }

  /** Whether this failure of the run was told. */
  boolean hasTold(String runId, String failure) {
    return told.contains(runId + failure);
  }
}
