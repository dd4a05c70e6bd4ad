package dev.caravan.cloud.chaos;

import dev.caravan.cloud.process.RecordedEvents.RecordedEvent;

/** The events that can trigger a disturbance. */
enum Trigger {
  RUN_CLAIMED,
  CLUSTER_START_ASKED,
  CLUSTER_STATUS_STARTING("CLUSTER_STATUS", "STARTING"),
  CLUSTER_STATUS_RUNNING("CLUSTER_STATUS", "RUNNING"),
  ENDPOINT_READY,
  JOB_SUBMITTED,
  JOB_SUCCEEDED,
  OUTPUT_VERIFIED,
  CLUSTER_STOP_ASKED,
  CLUSTER_STATUS_STOPPING("CLUSTER_STATUS", "STOPPING");

  private final String kind;
  private final String subject;

  Trigger() {
    this.kind = name();
    this.subject = "";
  }

  Trigger(String kind, String subject) {
    this.kind = kind;
    this.subject = subject;
  }

  /** Whether the event is this trigger. */
  boolean is(RecordedEvent event) {
    return subject.isEmpty() ? event.is(kind) : event.is(kind, subject);
  }
}
