package dev.caravan.jobs.input;

import static dev.caravan.jobs.sample.RawEvents.utc;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestSession;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class TypedEventsTransformTest {
  private static final String TYPED =
      "struct<user_id:bigint,message_id:bigint,to_user_id:bigint,time:timestamp,lat:double,lon:double,bad_id:boolean,time_fault:int>";

  private static Dataset<Row> messages(String... values) {
    return TestSession.spark()
        .sql(
            "select * from values "
                + String.join(", ", values)
                + " as t(message_id, message_from, message_to, message_ts, datetime, lat, lon)");
  }

  private static List<Row> typed(Dataset<Row> raw) {
    Dataset<Row> typed = new TypedEventsTransform(EventType.MESSAGE).apply(raw);
    assertThat(typed.schema().catalogString()).isEqualTo(TYPED);
    return typed.collectAsList();
  }

  @Test
  void typesOfTheContractPassThrough() {
    Row row =
        typed(
                messages(
                    "(1L, 2L, cast(null as bigint), cast(null as timestamp),"
                        + " timestamp'2022-05-01T10:00:00.5Z', 1.5D, 2.5D)"))
            .get(0);
    assertThat(row.mkString(" ")).startsWith("2 1 null ").endsWith(" 1.5 2.5 false null");
    assertThat(row.getTimestamp(3)).isEqualTo(utc("2022-05-01T10:00:00.5"));
  }

  @Test
  void smallerNumbersWiden() {
    Row row =
        typed(messages("(1, 2, 3, timestamp'2022-05-01', timestamp'2022-05-02', 1.5F, 2)")).get(0);
    assertThat(row.getLong(2)).isEqualTo(3);
    assertThat(row.getTimestamp(3)).as("message_ts first").isEqualTo(utc("2022-05-01T00:00:00"));
    assertThat(row.getDouble(5)).isEqualTo(2.0);
  }

  @Test
  void stringsThatAreNumbersAreIdsAndOthersAreBad() {
    RawEvents events = new RawEvents();
    String[] ids = {
      "7", " 7 ", "+7", "9223372036854775807", "9223372036854775808", "7.0", "x", "", null
    };
    for (String id : ids) {
      events.direct(1, id, 3, "2022-05-01", 0.0, 0.0);
    }
    List<Row> rows = typed(events.messages(TestSession.spark()));
    assertThat(rows.stream().map(row -> row.get(0) + " " + row.get(6)).collect(Collectors.toList()))
        .containsExactly(
            "7 false",
            "7 false",
            "7 false",
            "9223372036854775807 false",
            "null true",
            "null true",
            "null true",
            "null true",
            "null false");
  }

  @Test
  void isoStringsAreTimesAndOthersAreNone() {
    RawEvents events = new RawEvents();
    String[] times = {
      "2022-05-01",
      "2022-05-01 10:00:00",
      "2022-05-01T10:00:00.123456Z",
      "2022-05-01T10:00:00+03:00",
      "12:30:00",
      "T12:30",
      "2022",
      "2022-13-01",
      "yesterday",
      "1651399200"
    };
    for (String time : times) {
      events.message(1, 2, time, 0.0, 0.0);
    }
    assertThat(typed(events.messages(TestSession.spark())).stream().map(row -> row.get(3)))
        .containsExactly(
            utc("2022-05-01T00:00:00"),
            utc("2022-05-01T10:00:00"),
            utc("2022-05-01T10:00:00.123456"),
            utc("2022-05-01T07:00:00"),
            null,
            null,
            null,
            null,
            null,
            null);
  }

  @Test
  void stringsThatEndWithZAreTheTimesThatSparkTakesThemFor() {
    RawEvents events = new RawEvents();
    String[] seconds = {
      "00",
      "00.1",
      "59.123456789",
      "",
      "0",
      "00.",
      "60",
      "00+0",
      "00.1+0",
      "00UTC",
      "00.1Z",
      "5Z",
      "00 "
    };
    for (String second : seconds) {
      events.message(1, 2, "2022-05-01T10:00:" + second + "Z", 0.0, 0.0);
    }
    for (String time : new String[] {"2022-05-01Z", "2022-05-01T10:00Z", "2022-05-01 10:00:00Z"}) {
      events.message(1, 2, time, 0.0, 0.0);
    }
    Dataset<Row> raw = events.messages(TestSession.spark());
    List<Object> spark =
        raw.selectExpr("try_cast(datetime as timestamp)").collectAsList().stream()
            .map(row -> row.get(0))
            .collect(Collectors.toList());

    assertThat(typed(raw).stream().map(row -> row.get(3))).containsExactlyElementsOf(spark);
    assertThat(spark).contains(utc("2022-05-01T10:00:00"), utc("2022-05-01T10:00:00.1"), null);
  }

  @Test
  void otherFormsOfTheStandardAreReadAndWhatOnlyLooksLikeItIsNot() {
    RawEvents events = new RawEvents();
    String[] times = {
      "20220426T100000.000Z",
      "20220426T1000+0300",
      "20220426T10",
      "20220426",
      "2022-04-26T10:00:00,25+00:00",
      "20220426t100000z",
      "2022-04-26t10:00:00",
      "2022-04-26T10:00:00+02:00[Europe/Berlin]",
      "20221326T100000Z",
      "20220426100000"
    };
    for (String time : times) {
      events.message(1, 2, time, 0.0, 0.0);
    }
    List<Row> rows = typed(events.messages(TestSession.spark()));
    assertThat(rows.stream().map(row -> row.get(3)))
        .containsExactly(
            utc("2022-04-26T10:00:00"),
            utc("2022-04-26T07:00:00"),
            utc("2022-04-26T10:00:00"),
            utc("2022-04-26T00:00:00"),
            utc("2022-04-26T10:00:00.25"),
            null,
            null,
            null,
            null,
            null);
    assertThat(rows.subList(5, 10)).allMatch(row -> row.getInt(7) == DropCause.BAD_TIME.ordinal());
  }

  @Test
  void aTimeThatNoEventCanHaveIsNoneAndItsCauseIsKept() {
    List<Row> rows =
        typed(
            messages(
                "(1, 2, 3, timestamp'0001-01-01T00:00:00Z', timestamp'2022-05-01', 0, 0)",
                "(1, 2, 3, timestamp'1899-12-31T23:59:59.999999Z', null, 0, 0)",
                "(1, 2, 3, timestamp'1900-01-01T00:00:00Z', null, 0, 0)",
                "(1, 2, 3, null, timestamp'2100-12-31T23:59:59.999999Z', 0, 0)",
                "(1, 2, 3, null, timestamp'2101-01-01T00:00:00Z', 0, 0)",
                "(1, 2, 3, null, timestamp_micros(9223372036854775807), 0, 0)",
                "(1, 2, 3, null, null, 0, 0)"));
    assertThat(rows)
        .extracting(row -> row.isNullAt(3))
        .containsExactly(true, true, false, false, true, true, true);
    assertThat(rows).extracting(row -> row.get(7)).containsExactly(4, 4, null, null, 4, 4, 2);
  }

  @Test
  void droppedRowsAreCountedOnceByTheirReason() {
    RawEvents events =
        new RawEvents()
            .subscription(1, 2)
            .subscription(null, 2)
            .subscription(1, null)
            .subscription("x", null)
            .subscription(1, "y");
    Dataset<Row> counted =
        new KeptEventsTransform(EventType.SUBSCRIPTION)
            .apply(
                new TypedEventsTransform(EventType.SUBSCRIPTION)
                    .apply(events.subscriptions(TestSession.spark())))
            .agg(count(lit(1)));
    assertThat(counted.collectAsList().get(0).getLong(0)).isEqualTo(1);
    Row observed =
        JavaConverters.mapAsJavaMap(counted.queryExecution().observedMetrics()).get("subscription");
    assertThat(observed.mkString(" ")).isEqualTo("5 2 2 0 0 0");
  }

  @Test
  void badIdInAnyIdColumnDropsTheMessage() {
    RawEvents events =
        new RawEvents()
            .direct("x", 1, 2, "2022-05-01", null, null)
            .direct(1, 1, "x", "2022-05-01", null, null)
            .direct(null, 1, null, null, null, null);
    assertThat(
            new KeptEventsTransform(EventType.MESSAGE)
                .apply(
                    new TypedEventsTransform(EventType.MESSAGE)
                        .apply(events.messages(TestSession.spark())))
                .collectAsList())
        .hasSize(1);
  }
}
