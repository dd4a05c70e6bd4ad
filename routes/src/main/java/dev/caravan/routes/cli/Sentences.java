package dev.caravan.routes.cli;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.RunEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Formats events as sentences, without their run. A cause is reported once: the end of a run
 * doesn't repeat what its job has reported. For use by many threads.
 */
public final class Sentences {
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** The event in words. */
  public String of(RunEvent event) {
    return switch (event.kind()) {
      case JOB_FAILED -> {
        told.add(event.runId() + event.detail());
        yield sentence(event);
      }
      case RUN_ENDED ->
          told.add(event.runId() + event.detail()) ? sentence(event) : "run " + event.subject();
      default -> sentence(event);
    };
  }

  /** Whether this failure of the run was told. */
  public boolean hasTold(String runId, String failure) {
    return told.contains(runId + failure);
  }

  /** The event in words, without its run. */
  public static String sentence(RunEvent event) {
    String subject = event.subject();
    String detail = event.detail();
    return switch (event.kind()) {
      case RUN_QUEUED -> "run " + event.runId() + " is queued";
      case RUN_SKIPPED -> subject + " is skipped: " + detail;
      case RUN_CANCEL_ASKED -> "run " + event.runId() + " is to end: " + detail;
      case RUN_CLAIMED -> "run " + event.runId() + " begins";
      case RUN_CONTINUED -> "run " + event.runId() + " goes on";
      case RUN_AWAITED -> subject + " waits for run " + event.runId();
      case RUN_NOT_REPEATED -> "run " + event.runId() + " has succeeded already";
      case RUN_HANDED_OVER -> "run " + event.runId() + " is left to the next process";
      case CLUSTER_START_ASKED -> "starting cluster " + subject;
      case CLUSTER_FOUND_RUNNING ->
          "cluster " + subject + " is running already: it is not ours to stop";
      case CLUSTER_STATUS -> "cluster is " + subject;
      case ENDPOINT_READY -> "endpoint " + subject + " is ready";
      case JOB_SUBMITTED -> subject + ": submitted as " + detail;
      case JOB_SUCCEEDED -> subject + ": ended with success, verifying its output";
      case JOB_FAILED, JOB_NOT_RUN -> detail;
      case JOB_KILLED -> subject + ": killed, " + detail;
      case OUTPUT_VERIFIED -> subject + ": verified, " + detail;
      case CLUSTER_STOP_ASKED -> "stopping cluster " + subject;
      case CLUSTER_LEFT_RUNNING -> "cluster " + subject + " is left running: " + detail;
      case ALARM_RAISED ->
          "ALARM: "
              + Alarm.Key.of(subject).kind().sentence(Alarm.Key.of(subject).subject(), detail);
      case ALARM_CLEARED -> "alarm " + subject + " is over";
      case PIPELINE_PAUSED, PIPELINE_RESUMED -> subject + " is " + detail;
      case DATES_LEFT_OUT -> subject + ": " + detail;
      case BACKFILL_CHANGED -> "backfill " + subject + " is " + detail;
      case RUN_ENDED -> "run " + subject + (detail.isEmpty() ? "" : ": " + detail);
    };
  }
}
