package dev.caravan.jobs.input;

import java.util.Locale;

/** The kinds of event, each a top-level partition of the event log. */
public enum EventType {
  MESSAGE(
      RequiredColumns.none()
          .and("message_id", ColumnKind.ID)
          .and("message_from", ColumnKind.ID)
          .and("message_to", ColumnKind.ID)
          .and("message_ts", ColumnKind.TIME)
          .and("datetime", ColumnKind.TIME)
          .and("lat", ColumnKind.DEGREES)
          .and("lon", ColumnKind.DEGREES)),
  REACTION(
      RequiredColumns.none()
          .and("message_id", ColumnKind.ID)
          .and("reaction_from", ColumnKind.ID)
          .and("datetime", ColumnKind.TIME)
          .and("lat", ColumnKind.DEGREES)
          .and("lon", ColumnKind.DEGREES)),
  SUBSCRIPTION(
      RequiredColumns.none()
          .and("user", ColumnKind.ID)
          .and("subscription_channel", ColumnKind.ID)
          .and("datetime", ColumnKind.TIME)
          .and("lat", ColumnKind.DEGREES)
          .and("lon", ColumnKind.DEGREES));

  @SuppressWarnings("ImmutableEnumChecker") // nothing in it can be changed from outside
  private final RequiredColumns columns;

  EventType(RequiredColumns columns) {
    this.columns = columns;
  }

  /** The columns that its files must have. */
  public RequiredColumns columns() {
    return columns;
  }

  /** As it stands in paths: {@code event_type=<label>}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
