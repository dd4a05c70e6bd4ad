package dev.caravan.cloud.events;

/** The event types of the log. */
enum EventKind {
  MESSAGE("message"),
  REACTION("reaction"),
  SUBSCRIPTION("subscription");

  private final String partition;

  EventKind(String partition) {
    this.partition = partition;
  }

  String partition() {
    return partition;
  }
}
