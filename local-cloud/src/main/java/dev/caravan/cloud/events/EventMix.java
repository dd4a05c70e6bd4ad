package dev.caravan.cloud.events;

/** Which part of a sample's rows each event type has: so many to so many to so many. */
public record EventMix(int messages, int reactions, int subscriptions) {

  static final EventMix USUAL = new EventMix(12, 5, 3);

  /** Messages have what division leaves over. */
  long rows(EventKind kind, long ofAll) {
    int parts = messages + reactions + subscriptions;
    long ofReactions = ofAll * reactions / parts;
    long ofSubscriptions = ofAll * subscriptions / parts;
    return switch (kind) {
      case MESSAGE -> ofAll - ofReactions - ofSubscriptions;
      case REACTION -> ofReactions;
      case SUBSCRIPTION -> ofSubscriptions;
    };
  }
}
