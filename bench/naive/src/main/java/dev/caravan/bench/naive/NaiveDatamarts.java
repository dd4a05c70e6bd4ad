package dev.caravan.bench.naive;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The three datamarts in plain Spark SQL.
 *
 * <p>Input is the raw columns of the event log, ids and times in any of their types, as the views
 * {@code raw_message}, {@code raw_reaction}, {@code raw_subscription} and {@code city}. Of copies
 * of an event that differ elsewhere the located one stays before the others, then the lowest
 * city_id, then the lowest coordinates.
 */
public final class NaiveDatamarts {
  private static final String MESSAGE =
      """
      message AS (
        SELECT monotonically_increasing_id() AS event,
               try_cast(message_from AS bigint) AS user_id,
               try_cast(message_id AS bigint) AS message_id,
               try_cast(message_to AS bigint) AS to_user_id,
               coalesce(%s, %s) AS time,
               CAST(lat AS double) AS lat,
               CAST(lon AS double) AS lon
          FROM raw_message
         WHERE try_cast(message_from AS bigint) IS NOT NULL
           AND (message_id IS NULL OR try_cast(message_id AS bigint) IS NOT NULL)
           AND (message_to IS NULL OR try_cast(message_to AS bigint) IS NOT NULL)
      )"""
          .formatted(time("message_ts"), time("datetime"));

  private static final String REACTION =
      """
      reaction AS (
        SELECT monotonically_increasing_id() AS event,
               try_cast(reaction_from AS bigint) AS user_id,
               try_cast(message_id AS bigint) AS message_id,
               %s AS time,
               CAST(lat AS double) AS lat,
               CAST(lon AS double) AS lon
          FROM raw_reaction
         WHERE try_cast(reaction_from AS bigint) IS NOT NULL
           AND (message_id IS NULL OR try_cast(message_id AS bigint) IS NOT NULL)
      )"""
          .formatted(time("datetime"));

  private static final String SUBSCRIPTION =
      """
      subscription AS (
        SELECT monotonically_increasing_id() AS event,
               try_cast(user AS bigint) AS user_id,
               try_cast(subscription_channel AS bigint) AS channel_id,
               %s AS time,
               CAST(lat AS double) AS lat,
               CAST(lon AS double) AS lon
          FROM raw_subscription
         WHERE try_cast(user AS bigint) IS NOT NULL
           AND try_cast(subscription_channel AS bigint) IS NOT NULL
      )"""
          .formatted(time("datetime"));

  private static final String LOCATED_MESSAGE = located("message", "message_id");

  private final SparkSession spark;

  /** Works on the views of {@code spark}, whose time zone must be UTC. */
  public NaiveDatamarts(SparkSession spark) {
    this.spark = spark;
  }

  private static String time(String column) {
    return """
    CASE WHEN CAST(%1$s AS string) RLIKE '^[0-9]{4}-[0-9]{2}-[0-9]{2}' THEN try_cast(%1$s AS timestamp) END"""
        .formatted(column);
  }

  /** Every event of {@code type} with each city, the nearest kept; then each event once. */
  private static String located(String type, String id) {
    return """
    %1$s_by_distance AS (
      SELECT e.*, city_id, city_name, timezone,
             2 * 6371 * asin(sqrt(
               sin((radians(city_lat) - radians(lat)) / 2) * sin((radians(city_lat) - radians(lat)) / 2)
               + cos(radians(lat)) * cos(radians(city_lat))
                 * (sin((radians(city_lon) - radians(lon)) / 2) * sin((radians(city_lon) - radians(lon)) / 2)))) AS km
        FROM %1$s e CROSS JOIN city
       WHERE lat >= -90 AND lat <= 90 AND lon >= -180 AND lon <= 180
    ),
    %1$s_nearest AS (
      SELECT *, row_number() OVER (PARTITION BY event ORDER BY km, city_id) AS nearness FROM %1$s_by_distance
    ),
    %1$s_copies AS (
      SELECT *, row_number() OVER (PARTITION BY user_id, %2$s, time ORDER BY city_id, lat, lon) AS copy
        FROM %1$s_nearest
       WHERE nearness = 1 AND time IS NOT NULL
    ),
    located_%1$s AS (SELECT * FROM %1$s_copies WHERE copy = 1)"""
        .formatted(type, id);
  }

  private static String with(String... views) {
    return "WITH " + String.join(",\n", views) + "\n";
  }

  /** Datamart 1. */
  public Dataset<Row> usersDemographic() {
    return spark.sql(
        with(
                MESSAGE,
                LOCATED_MESSAGE,
                """
                numbered AS (
                  SELECT *,
                         row_number() OVER (PARTITION BY user_id ORDER BY time, message_id)
                           - row_number() OVER (PARTITION BY user_id, city_id ORDER BY time, message_id) AS island,
                         row_number() OVER (PARTITION BY user_id ORDER BY time DESC, message_id DESC) AS from_end
                    FROM located_message
                ),
                visit AS (
                  SELECT user_id, city_id, city_name, island,
                         min(struct(time, message_id)) AS begins, max(time) AS last_message
                    FROM numbered GROUP BY user_id, city_id, city_name, island
                ),
                lasting AS (
                  SELECT *,
                         coalesce(lead(begins.time) OVER (PARTITION BY user_id ORDER BY begins), last_message) AS ends
                    FROM visit
                ),
                stay AS (
                  SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY begins DESC) AS recency
                    FROM lasting WHERE datediff(ends, begins.time) > 27
                ),
                travel AS (
                  SELECT user_id, count(*) AS visits, array_sort(collect_list(struct(begins, city_name))) AS stops
                    FROM visit GROUP BY user_id
                )""")
            + """
            SELECT m.user_id,
                   m.city_name AS act_city,
                   coalesce(s.city_name, "Couldn't determine") AS home_city,
                   from_utc_timestamp(m.time, m.timezone) AS local_time,
                   CAST(t.visits AS int) AS travel_count,
                   t.stops.city_name AS travel_array
              FROM numbered m
              JOIN travel t ON t.user_id = m.user_id
              LEFT JOIN stay s ON s.user_id = m.user_id AND s.recency = 1
             WHERE m.from_end = 1
            """);
  }

  /** Datamart 2. */
  public Dataset<Row> eventsTotal() {
    return spark.sql(
        with(
                MESSAGE,
                LOCATED_MESSAGE,
                REACTION,
                located("reaction", "message_id"),
                SUBSCRIPTION,
                located("subscription", "channel_id"),
                """
                registration AS (
                  SELECT * FROM (
                    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY time, message_id) AS turn
                      FROM located_message)
                   WHERE turn = 1
                )""",
                weekly("located_message", "week_message"),
                weekly("located_reaction", "week_reaction"),
                weekly("located_subscription", "week_subscription"),
                weekly("registration", "week_user"),
                """
                week AS (
                  SELECT zone_id, week, month,
                         coalesce(week_message, 0L) AS week_message,
                         coalesce(week_reaction, 0L) AS week_reaction,
                         coalesce(week_subscription, 0L) AS week_subscription,
                         coalesce(week_user, 0L) AS week_user
                    FROM by_week_message
                    FULL JOIN by_week_reaction USING (zone_id, week, month)
                    FULL JOIN by_week_subscription USING (zone_id, week, month)
                    FULL JOIN by_week_user USING (zone_id, week, month)
                ),
                month AS (
                  SELECT zone_id, month,
                         sum(week_message) AS month_message,
                         sum(week_reaction) AS month_reaction,
                         sum(week_subscription) AS month_subscription,
                         sum(week_user) AS month_user
                    FROM week GROUP BY zone_id, month
                )""")
            + """
            SELECT zone_id, week, month, week_message, week_reaction, week_subscription, week_user,
                   month_message, month_reaction, month_subscription, month_user
              FROM week JOIN month USING (zone_id, month)
            """);
  }

  private static String weekly(String events, String count) {
    return """
    by_%2$s AS (
      SELECT city_id AS zone_id,
             CAST(date_trunc('WEEK', time) AS date) AS week,
             CAST(date_trunc('MONTH', time) AS date) AS month,
             count(*) AS %2$s
        FROM %1$s GROUP BY 1, 2, 3
    )"""
        .formatted(events, count);
  }

  /**
   * Datamart 3.
   *
   * @param processedAt ISO-8601
   */
  public Dataset<Row> recommendations(String processedAt) {
    return spark.sql(
        with(
                MESSAGE,
                LOCATED_MESSAGE,
                SUBSCRIPTION,
                """
                latest AS (
                  SELECT * FROM (
                    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY time DESC, message_id DESC) AS from_end
                      FROM located_message)
                   WHERE from_end = 1
                ),
                contact AS (
                  SELECT user_id AS a, to_user_id AS b FROM message
                  UNION ALL
                  SELECT to_user_id AS a, user_id AS b FROM message
                ),
                subscriber AS (SELECT DISTINCT user_id, channel_id FROM subscription),
                pair AS (
                  SELECT DISTINCT a.user_id AS a, b.user_id AS b
                    FROM subscriber a JOIN subscriber b
                      ON a.channel_id = b.channel_id AND a.user_id <> b.user_id
                )""")
            + """
            SELECT pair.a AS user_id,
                   pair.b AS rec_to_add_user_id,
                   timestamp'%s' AS processed_dttm,
                   x.city_id AS zone_id,
                   from_utc_timestamp(x.time, x.timezone) AS local_time
              FROM pair
              JOIN latest x ON x.user_id = pair.a
              JOIN latest y ON y.user_id = pair.b
              LEFT ANTI JOIN contact c ON c.a = pair.a AND c.b = pair.b
             WHERE 2 * 6371 * asin(sqrt(
               sin((radians(y.lat) - radians(x.lat)) / 2) * sin((radians(y.lat) - radians(x.lat)) / 2)
               + cos(radians(x.lat)) * cos(radians(y.lat))
                 * (sin((radians(y.lon) - radians(x.lon)) / 2) * sin((radians(y.lon) - radians(x.lon)) / 2)))) <= 1.0
            """
                .formatted(processedAt));
  }
}
