package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.input.KeptEventsTransform;
import dev.caravan.jobs.input.TypedEventsTransform;
import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.place.NearestCityTransform;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestSession;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The transforms of each datamart put together as its job does, on raw rows in memory. */
final class Marts {
  static final City SYDNEY = city(1, "Sydney", -33.865, 151.2094, "Australia/Sydney");
  static final City MELBOURNE = city(2, "Melbourne", -37.8136, 144.9631, "Australia/Melbourne");
  static final City PERTH = city(3, "Perth", -31.9522, 115.8589, "Australia/Perth");
  static final Instant PROCESSED_AT = Instant.parse("2022-05-22T03:04:05Z");

  private final CityDictionary dictionary;
  private final Dataset<Row> messages;
  private final Dataset<Row> reactions;
  private final Dataset<Row> subscriptions;

  Marts(
      CityDictionary dictionary,
      Dataset<Row> messages,
      Dataset<Row> reactions,
      Dataset<Row> subscriptions) {
    this.dictionary = dictionary;
    this.messages = kept(EventType.MESSAGE, messages);
    this.reactions = kept(EventType.REACTION, reactions);
    this.subscriptions = kept(EventType.SUBSCRIPTION, subscriptions);
  }

  /** Over three cities. */
  static Marts of(RawEvents events) {
    SparkSession spark = TestSession.spark();
    return new Marts(
        new CityDictionary(Arrays.asList(SYDNEY, MELBOURNE, PERTH)),
        events.messages(spark),
        events.reactions(spark),
        events.subscriptions(spark));
  }

  static City city(int id, String name, double lat, double lon, String timezone) {
    return new City(id, name, lat, lon, ZoneId.of(timezone));
  }

  private static Dataset<Row> kept(EventType type, Dataset<Row> raw) {
    return new KeptEventsTransform(type).apply(new TypedEventsTransform(type).apply(raw));
  }

  private Dataset<Row> placed(Dataset<Row> events) {
    return new NearestCityTransform(dictionary).apply(events);
  }

  Dataset<Row> timelines() {
    return new TimelineTransform().apply(placed(messages));
  }

  Dataset<Row> usersDemographic() {
    return new UsersDemographicTransform(dictionary).apply(timelines());
  }

  Dataset<Row> eventsTotal() {
    return new EventsTotalTransform(dictionary)
        .apply(
            timelines(),
            distinct(reactions, "message_id")
                .filter("place is not null")
                .select("place", "day", "events"),
            distinct(subscriptions, "channel_id")
                .filter("place is not null")
                .select("place", "day", "events"));
  }

  Dataset<Row> recommendations() {
    return recommendations(people(), Candidates.CROWD);
  }

  Dataset<Row> recommendations(Dataset<Row> people, long crowd) {
    return new RecommendationsTransform(dictionary, PROCESSED_AT, crowd).apply(people, messages);
  }

  Dataset<Row> people() {
    return RecommendationsTransform.people(
        timelines(),
        distinct(subscriptions, "channel_id")
            .filter("user_id is not null")
            .selectExpr("user_id", "ids as channels"));
  }

  private Dataset<Row> distinct(Dataset<Row> events, String id) {
    return new DistinctEventsTransform(id, true)
        .apply(
            new NearestCityTransform(dictionary)
                .orNull(events)
                .repartition(events.col("user_id"))
                .sortWithinPartitions("user_id"));
  }
}
