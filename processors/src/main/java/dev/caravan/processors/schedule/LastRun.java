package dev.caravan.processors.schedule;

/** How the latest run of a date stands, for a backfill. */
public enum LastRun {
  /** There was none. */
  NONE("missing", Group.MISSING),
  /** Its slot was skipped. */
  SKIPPED("missing: skipped", Group.MISSING),
  /** Queued or running. */
  OPEN("already queued", Group.OPEN),
  /** Queued by a backfill that goes on only once a person resumes it. */
  AT_REST("queued by a backfill that is held or paused: resume that", Group.OPEN),
  SUCCEEDED("done before", Group.DONE),
  FAILED("failed", Group.FAILED),
  /** Ended by a shutdown. */
  INTERRUPTED("failed: interrupted", Group.FAILED),
  /** Ended by a person. */
  CANCELLED("failed: cancelled", Group.FAILED);

  /** What a backfill asks of a date. */
  enum Group {
    MISSING,
    OPEN,
    DONE,
    FAILED
  }

  private final String reason;
  private final Group group;

  LastRun(String reason, Group group) {
    this.reason = reason;
    this.group = group;
  }

  String reason() {
    return reason;
  }

  Group group() {
    return group;
  }
}
