package dev.caravan.cloud.events;

/** The event types of the log, and which part of a sample each has. */
enum EventKind {
  MESSAGE("message", 0.60),
  REACTION("reaction", 0.25),
  SUBSCRIPTION("subscription", 0.15);

  private final String partition;
  private final double share;

  EventKind(String partition, double share) {
    this.partition = partition;
    this.share = share;
  }

  String partition() {
    return partition;
  }

  long rows(long ofAll) {
    return Math.max(1, Math.round(ofAll * share));
  }
}
