package dev.caravan.jobs.marts;

import static dev.caravan.jobs.marts.Marts.PERTH;
import static dev.caravan.jobs.marts.Marts.SYDNEY;
import static dev.caravan.jobs.sample.RawEvents.utc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.RawEvents;
import java.sql.Timestamp;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each rule has two users and a channel of its own, so that all of them share one query. */
class RecommendationsTransformTest {
  private static final double LAT = SYDNEY.lat();
  private static final double LON = SYDNEY.lon();

  /** On a meridian 0.0089932160 degrees are 1 km to within a tenth of a millimetre. */
  private static final double JUST_WITHIN = 0.008993216;

  private static final double JUST_BEYOND = 0.008993217;

  private static List<Row> rows;

  private static void pair(RawEvents events, long a, long b, double north) {
    events.message(1, a, "2022-05-01T10:00:00", LAT, LON);
    events.message(1, b, "2022-05-02T11:00:00", LAT + north, LON);
    events.subscription(a, a).subscription(b, a);
  }

  @BeforeAll
  static void compute() {
    RawEvents events = new RawEvents();
    pair(events, 10, 11, JUST_WITHIN);
    pair(events, 20, 21, JUST_BEYOND);
    pair(events, 30, 31, 0);
    events.direct(7, 30, 31, "2022-04-20T00:00:00", null, null);
    pair(events, 40, 41, 0);
    events.direct(7, 41, 40, null, LAT, LON);
    // No common channel: the other one is the first's own.
    pair(events, 50, 51, 0);
    events.subscription(52, 53).message(1, 52, "2022-05-02T11:00:00", LAT, LON);
    // The first message was near, the latest is not; and the other way round.
    pair(events, 60, 61, 0);
    events.message(2, 61, "2022-05-02T12:00:00", PERTH.lat(), PERTH.lon());
    pair(events, 70, 71, 1);
    events.message(2, 71, "2022-05-02T12:00:00", LAT, LON);
    // Ties in time go to the higher id.
    pair(events, 80, 81, 0);
    events.message(2, 81, "2022-05-02T11:00:00", LAT + 1, LON);
    // Nobody knows where the other one is.
    events.message(1, 90, "2022-05-01T10:00:00", LAT, LON);
    events.message(1, 91, "2022-05-01T10:00:00", null, LON);
    events.subscription(90, 90).subscription(91, 90).subscription(92, 90);
    // A message to oneself, or to somebody else, is none to the other; a subscription may be
    // repeated.
    pair(events, 110, 111, 0);
    events.direct(8, 110, 110, "2022-05-01T09:00:00", LAT, LON);
    events.direct(8, 111, 112, "2022-05-01T09:00:00", LAT, LON);
    events.subscription(110, 110).subscription(110, 999).subscription(111, 999);
    // Bad ids are nobody's.
    pair(events, 120, 121, 0);
    events.direct(9, 120, "ada", "2022-05-01T09:00:00", LAT, LON);
    events.subscription("bob", 120).subscription(120, null).subscription(52, "52.0");
    rows = Marts.of(events).recommendations().collectAsList();
  }

  private static List<String> pairs() {
    return rows.stream()
        .map(row -> row.getLong(0) + "-" + row.getLong(1))
        .collect(Collectors.toList());
  }

  @Test
  void columnsAreThoseOfTheContract() {
    assertThat(rows.get(0).schema().catalogString())
        .isEqualTo(
            "struct<user_id:bigint,rec_to_add_user_id:bigint,processed_dttm:timestamp,"
                + "zone_id:int,local_time:timestamp>");
  }

  @Test
  void pairsOfACommonChannelWithinAKilometreInBothOrders() {
    assertThat(pairs())
        .containsExactlyInAnyOrder(
            "10-11", "11-10", "50-51", "51-50", "70-71", "71-70", "110-111", "111-110", "120-121",
            "121-120");
  }

  @Test
  void aKilometreIsTheLimitUnrounded() {
    assertThat(pairs()).contains("10-11").doesNotContain("20-21", "21-20");
  }

  @Test
  void whoeverWroteToTheOtherIsNotRecommended() {
    assertThat(pairs()).doesNotContain("30-31", "31-30", "40-41", "41-40");
  }

  @Test
  void latestPlaceDecides() {
    assertThat(pairs()).contains("70-71").doesNotContain("60-61", "80-81");
  }

  @Test
  void nobodyIsRecommendedToOneself() {
    assertThat(rows).noneMatch(row -> row.getLong(0) == row.getLong(1));
  }

  @Test
  void zoneAndLocalTimeAreTheUsersOwn() {
    Row row = rows.stream().filter(r -> r.getLong(0) == 10).findFirst().orElseThrow();
    assertThat(row.getInt(3)).isEqualTo(SYDNEY.id());
    assertThat(row.getTimestamp(4)).isEqualTo(utc("2022-05-01T20:00:00"));
    assertThat(row.getTimestamp(2)).isEqualTo(Timestamp.from(Marts.PROCESSED_AT));
    Row other = rows.stream().filter(r -> r.getLong(0) == 11).findFirst().orElseThrow();
    assertThat(other.getTimestamp(4)).isEqualTo(utc("2022-05-02T21:00:00"));
  }
}
