package dev.caravan.cloud.events;

/** The event types of the log, and which part of a sample each has. */
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

  /** A quarter are reactions, about a seventh are subscriptions, the rest are messages. */
  long rows(long ofAll) {
    long reactions = ofAll / 4;
    long subscriptions = ofAll * 3 / 20;
    return switch (this) {
      case MESSAGE -> ofAll - reactions - subscriptions;
      case REACTION -> reactions;
      case SUBSCRIPTION -> subscriptions;
    };
  }
}
