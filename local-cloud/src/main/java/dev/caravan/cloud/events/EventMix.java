package dev.caravan.cloud.events;

/** The proportions of the event types in a sample. */
public record EventMix(int messages, int reactions, int subscriptions) {

  static final EventMix USUAL = new EventMix(12, 5, 3);

  /** Messages get the remainder of the division. */
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
