package dev.caravan.cloud.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The columns of the event log that a sample has: all that the jobs read, and some that they don't.
 */
final class EventRow {

  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message event {
            optional int64 message_id;
            optional int64 message_from;
            optional int64 message_to;
            optional int64 message_channel_to;
            optional binary message (STRING);
            optional int64 message_ts (TIMESTAMP(MICROS,true));
            optional binary datetime (STRING);
            optional binary media_type (STRING);
            optional binary reaction_from (STRING);
            optional binary reaction_type (STRING);
            optional binary user (STRING);
            optional int64 subscription_channel;
            optional binary subscription_user (STRING);
            optional double lat;
            optional double lon;
          }
          """);

  private final Group group = new SimpleGroup(SCHEMA);

  EventRow with(String column, long value) {
    group.add(column, value);
    return this;
  }

  EventRow with(String column, String value) {
    group.add(column, value);
    return this;
  }

  EventRow at(Person.Position position) {
    group.add("lat", position.latitude());
    group.add("lon", position.longitude());
    return this;
  }

  /** A direct message's time: a timestamp. */
  EventRow messageTime(Instant time) {
    group.add("message_ts", ChronoUnit.MICROS.between(Instant.EPOCH, time));
    return this;
  }

  /** Every other event's time: ISO text. */
  EventRow datetime(Instant time) {
    group.add("datetime", time.toString());
    return this;
  }

  Group group() {
    return group;
  }
}
