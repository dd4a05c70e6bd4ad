package dev.caravan.jobs.marts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.TestSession;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class DistinctEventsTransformTest {
  /** Of three users; user 3 was nowhere. */
  private static final String EVENTS =
      """
      select * from values
        (1L, 7L, timestamp '2022-05-04 10:00:00.000001', 2),
        (1L, 7L, timestamp '2022-05-04 10:00:00.000001', 1),
        (1L, 7L, timestamp '2022-05-04 10:00:00.000001', null),
        (1L, 7L, timestamp '2022-05-04 10:00:00.000002', 2),
        (1L, null, timestamp '2022-05-04 10:00:00.000002', 2),
        (1L, 0L, timestamp '2022-05-04 10:00:00.000002', 2),
        (1L, 8L, null, 2),
        (1L, 6L, timestamp '1969-12-31 23:59:59.999999', 2),
        (2L, 7L, timestamp '2022-05-04 10:00:00.000001', 2),
        (2L, 7L, timestamp '2022-05-05 00:00:00', 2),
        (3L, 5L, timestamp '2022-05-05 00:00:00', cast(null as int))
      as event(user_id, channel_id, time, place)
      """;

  private final Dataset<Row> events =
      TestSession.spark().sql(EVENTS).repartition(1).sortWithinPartitions("user_id");

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void copiesCountOnceInTheLowestPlaceAndEventsWithoutPlaceOrTimeNowhere() {
    Dataset<Row> rows = new DistinctEventsTransform("channel_id", true).apply(events);
    assertThat(lines(rows.filter("place is not null").select("place", "day", "events")))
        .containsExactly("[1,19116,1]", "[2,-1,1]", "[2,19116,4]", "[2,19117,1]");
  }

  @Test
  void everyIdOfAUserIsThereOnce() {
    Dataset<Row> rows = new DistinctEventsTransform("channel_id", true).apply(events);
    assertThat(
            lines(
                rows.filter("user_id is not null")
                    .selectExpr("user_id", "concat_ws(' ', transform(ids, id -> string(id)))")))
        .containsExactly("[1,0 0 6 7 8]", "[2,7]", "[3,5]");
  }

  @Test
  void withoutIdsThereAreOnlyNumbers() {
    Dataset<Row> rows = new DistinctEventsTransform("channel_id", false).apply(events);
    assertThat(rows.filter("user_id is not null").collectAsList()).isEmpty();
    assertThat(rows.collectAsList()).hasSize(4);
  }
}
