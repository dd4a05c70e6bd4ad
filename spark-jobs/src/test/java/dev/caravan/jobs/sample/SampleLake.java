package dev.caravan.jobs.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a lake of any size, the same for the same arguments: users who live near a city and travel
 * at times, channels of which a few are large.
 *
 * <p>From the command line: root, last day, days, rows of a day (in ten thousands of messages),
 * users.
 */
public final class SampleLake {
  private final SparkSession spark;
  private final String root;

  public SampleLake(SparkSession spark, String root) {
    this.spark = spark;
    this.root = root;
  }

  public static void main(String[] words) {
    SparkSession spark =
        SparkSession.builder().config("spark.sql.session.timeZone", "UTC").getOrCreate();
    SampleLake lake = new SampleLake(spark, words[0]);
    lake.writeCities(24);
    int unit = Integer.parseInt(words[3]);
    LocalDate last = LocalDate.parse(words[1]);
    for (int back = 0; back < Integer.parseInt(words[2]); back++) {
      lake.writeDay(last.minusDays(back), unit, unit, 3 * unit, Integer.parseInt(words[4]), 3000);
    }
    spark.stop();
  }

  /** Writes {@code <root>/cities}: so many cities, spread over Australia. */
  public void writeCities(int cities) {
    spark
        .range(cities)
        .selectExpr(
            "cast(id + 1 as int) as city_id",
            "concat('City ', id + 1) as city_name",
            "-12.0 - pmod(xxhash64(id, 'lat'), 2600) / 100.0D as city_lat",
            "114.0 + pmod(xxhash64(id, 'lon'), 3900) / 100.0D as city_lon",
            "element_at(array('Australia/Sydney', 'Australia/Perth', 'Australia/Adelaide'), cast(id % 3 + 1 as int))"
                + " as timezone")
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(root + "/cities");
  }

  /** Writes one day of {@code <root>/events}. */
  public void writeDay(
      LocalDate day, int messages, int reactions, int subscriptions, int users, int channels) {
    String toChannel = "pmod(xxhash64(id, 'kind'), 2) = 0";
    write(
        day,
        "message",
        events(day, messages, users)
            .withColumn("message_id", expr("datediff(day, date'2015-01-01') * 1000000L + id"))
            .withColumn("message_from", col("actor"))
            .withColumn(
                "message_to",
                expr("if(" + toChannel + ", null, pmod(xxhash64(id, day, 'to'), " + users + "))"))
            .withColumn("message_ts", expr("if(" + toChannel + ", null, at)"))
            .withColumn("datetime", expr("if(" + toChannel + ", at, null)"))
            .withColumn("message", expr("repeat('text ', 10)")));
    write(
        day,
        "reaction",
        events(day, reactions, users)
            .withColumn("message_id", expr("pmod(xxhash64(id, 'on'), 1000000)"))
            .withColumn("reaction_from", expr("cast(actor as string)"))
            .withColumn("datetime", col("at")));
    write(
        day,
        "subscription",
        events(day, subscriptions, users)
            .withColumn("user", expr("cast(actor as string)"))
            .withColumn(
                "subscription_channel",
                expr(
                    "cast(pow(pmod(xxhash64(id, day, 'channel'), 1000000) / 1e6D, 2) * "
                        + channels
                        + " as bigint)"))
            .withColumn("datetime", col("at")));
  }

  private Dataset<Row> events(LocalDate day, int count, int users) {
    return spark
        .range(0, count, 1, 1)
        .withColumn("day", expr("date'" + day + "'"))
        .withColumn("actor", expr("pmod(xxhash64(id, day, 'actor'), " + users + ")"))
        .withColumn(
            "at",
            expr(
                "timestamp_micros(unix_micros(timestamp(day)) + pmod(xxhash64(id, 'at'), 86400) * 1000000L)"))
        .withColumn(
            "home",
            expr(
                "if(pmod(xxhash64(id, day, 'travel'), 20) = 0, pmod(xxhash64(id, day), 24), pmod(xxhash64(actor), 24))"))
        .withColumn(
            "lat",
            expr(
                "if(pmod(xxhash64(id, 'located'), 50) = 0, null, -12.0 - pmod(xxhash64(home, 'lat'), 2600) / 100.0D"
                    + " + (pmod(xxhash64(id, day, 'dlat'), 2000) - 1000) / 10000.0D)"))
        .withColumn(
            "lon",
            expr(
                "114.0 + pmod(xxhash64(home, 'lon'), 3900) / 100.0D"
                    + " + (pmod(xxhash64(id, day, 'dlon'), 2000) - 1000) / 10000.0D"));
  }

  private void write(LocalDate day, String type, Dataset<Row> events) {
    events
        .drop("id", "day", "actor", "at", "home")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(root + "/events/event_type=" + type + "/date=" + day);
  }
}
