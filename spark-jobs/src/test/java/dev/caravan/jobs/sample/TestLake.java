package dev.caravan.jobs.sample;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** A small lake in a folder: events, and the dictionary of three cities. */
public final class TestLake {
  private static final String CITIES =
      "select * from values (1, 'Sydney', -33.865D, 151.2094D, 'Australia/Sydney'),"
          + " (2, 'Melbourne', -37.8136D, 144.9631D, 'Australia/Melbourne'),"
          + " (3, 'Perth', -31.9522D, 115.8589D, 'Australia/Perth')"
          + " as city(city_id, city_name, city_lat, city_lon, timezone)";

  private final Path root;

  public TestLake(Path root) {
    this.root = root;
  }

  private static SparkSession spark() {
    return TestSession.spark();
  }

  /** Writes the dictionary to {@code cities}. */
  public TestLake cities() {
    write(spark().sql(CITIES), root.resolve("cities"));
    return this;
  }

  /** Writes all kinds of event of a day in the types of the contract. */
  public TestLake day(String day, RawEvents events) {
    write(RawEvents.stored(events.messages(spark())), partition("message", day));
    write(RawEvents.stored(events.reactions(spark())), partition("reaction", day));
    write(RawEvents.stored(events.subscriptions(spark())), partition("subscription", day));
    return this;
  }

  /** Writes rows of any columns as one kind of a day. */
  public TestLake day(String type, String day, Dataset<Row> rows) {
    write(rows, partition(type, day));
    return this;
  }

  public Path partition(String type, String day) {
    return root.resolve("events/event_type=" + type + "/date=" + day);
  }

  public String events() {
    return "file:" + root.resolve("events");
  }

  public String dictionary() {
    return "file:" + root.resolve("cities");
  }

  private static void write(Dataset<Row> rows, Path folder) {
    rows.coalesce(1).write().mode(SaveMode.Overwrite).parquet("file:" + folder);
  }
}
