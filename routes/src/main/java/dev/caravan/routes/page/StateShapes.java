package dev.caravan.routes.page;

import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.page.StateShape;

/** Which shape stands for which state. */
final class StateShapes {
  private StateShapes() {}

  static StateShape of(RunState state) {
    return switch (state) {
      case QUEUED -> StateShape.WAITING;
      case RUNNING -> StateShape.RUNNING;
      case SUCCEEDED -> StateShape.SUCCEEDED;
      case FAILED -> StateShape.FAILED;
      case INTERRUPTED -> StateShape.INTERRUPTED;
      case SKIPPED -> StateShape.SKIPPED;
      case CANCELLED -> StateShape.CANCELLED;
    };
  }

  static StateShape of(JobState state) {
    return switch (state) {
      case SUBMITTING, SUBMITTED -> StateShape.RUNNING;
      case SUCCEEDED, VERIFIED -> StateShape.SUCCEEDED;
      case FAILED -> StateShape.FAILED;
      case KILLED -> StateShape.INTERRUPTED;
      case UPSTREAM_FAILED -> StateShape.NOT_RUN;
    };
  }

  static StateShape of(BackfillState state) {
    return switch (state) {
      case RUNNING -> StateShape.RUNNING;
      case PAUSED -> StateShape.INTERRUPTED;
      case HELD -> StateShape.FAILED;
      case CANCELLED -> StateShape.CANCELLED;
      case DONE -> StateShape.SUCCEEDED;
    };
  }

  /** Of a cluster's status, as the cloud says it. */
  static StateShape ofCluster(String status) {
    return switch (status) {
      case "RUNNING" -> StateShape.RUNNING;
      case "STARTING", "STOPPING", "CREATING", "UPDATING" -> StateShape.WAITING;
      case "ERROR" -> StateShape.FAILED;
      default -> StateShape.SKIPPED;
    };
  }
}
