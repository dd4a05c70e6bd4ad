package dev.caravan.cloud.demo;

import dev.caravan.cloud.parquet.ParquetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The rows of past dates that no Spark has computed: a file for each datamart and date, with the
 * real columns and made-up values. {@link HistorySubmit} puts them into S3.
 */
final class HistoryRows {
  private static final int ROWS = 20;
  private static final List<String> CITIES = List.of("Sydney", "Melbourne", "Brisbane", "Perth");

  private static final MessageType USERS =
      MessageTypeParser.parseMessageType(
          """
          message row {
            required int64 user_id;
            optional binary act_city (STRING);
            optional binary home_city (STRING);
            optional int64 local_time (TIMESTAMP(MICROS,true));
            required int32 travel_count;
            required group travel_array (LIST) { repeated group list { optional binary element (STRING); } }
          }""");
  private static final MessageType EVENTS =
      MessageTypeParser.parseMessageType(
          """
          message row {
            required int32 zone_id;
            required int32 week (DATE);
            required int32 month (DATE);
            required int64 week_message;
            required int64 week_reaction;
            required int64 week_subscription;
            required int64 week_user;
            required int64 month_message;
            required int64 month_reaction;
            required int64 month_subscription;
            required int64 month_user;
          }""");
  private static final MessageType FRIENDS =
      MessageTypeParser.parseMessageType(
          """
          message row {
            required int64 user_id;
            required int64 rec_to_add_user_id;
            required int64 processed_dttm (TIMESTAMP(MICROS,true));
            required int32 zone_id;
            optional int64 local_time (TIMESTAMP(MICROS,true));
          }""");

  private final LocalDate date;
  private final Random random;

  private HistoryRows(LocalDate date) {
    this.date = date;
    this.random = new Random(date.toEpochDay());
  }

  /** Where the rows of a datamart and a date are, below a directory. */
  static Path file(Path directory, String mart, String date) {
    return directory.resolve(mart).resolve(date + ".parquet");
  }

  /** Writes those of all datamarts of the house for this date. */
  static void write(Path directory, LocalDate date) throws IOException {
    HistoryRows rows = new HistoryRows(date);
    for (Mart mart : Mart.OURS) {
      Path file = file(directory, mart.job(), date.toString());
      Files.createDirectories(file.getParent());
      rows.write(mart, file);
    }
  }

  private void write(Mart mart, Path file) throws IOException {
    MessageType schema = schema(mart);
    try (ParquetFile parquet = ParquetFile.create(file, schema)) {
      for (int number = 1; number <= ROWS; number++) {
        Group row = new SimpleGroup(schema);
        if (schema == USERS) {
          user(row, number);
        } else if (schema == EVENTS) {
          events(row, number);
        } else {
          friends(row, number);
        }
        parquet.write(row);
      }
    }
  }

  private static MessageType schema(Mart mart) {
    return switch (mart.job()) {
      case "users-demographic-dm" -> USERS;
      case "events-total-cnt-agg-wk-mnth-dm" -> EVENTS;
      default -> FRIENDS;
    };
  }

  private void user(Group row, int number) {
    String city = CITIES.get(random.nextInt(CITIES.size()));
    row.add("user_id", (long) number);
    row.add("act_city", city);
    row.add("home_city", CITIES.get(number % CITIES.size()));
    row.add("local_time", micros());
    row.add("travel_count", 1);
    row.addGroup("travel_array").addGroup("list").add("element", city);
  }

  private void events(Group row, int number) {
    row.add("zone_id", number);
    row.add("week", (int) date.minusDays(date.getDayOfWeek().getValue() - 1L).toEpochDay());
    row.add("month", (int) date.withDayOfMonth(1).toEpochDay());
    for (String span : List.of("week", "month")) {
      for (String what : List.of("message", "reaction", "subscription", "user")) {
        row.add(span + "_" + what, (long) random.nextInt(span.equals("week") ? 100 : 400));
      }
    }
  }

  private void friends(Group row, int number) {
    row.add("user_id", (long) number);
    row.add("rec_to_add_user_id", number + 1L + random.nextInt(50));
    row.add("processed_dttm", micros());
    row.add("zone_id", 1 + random.nextInt(24));
    row.add("local_time", micros());
  }

  private long micros() {
    return (date.toEpochDay() * 86_400 + random.nextInt(86_400)) * 1_000_000;
  }
}
