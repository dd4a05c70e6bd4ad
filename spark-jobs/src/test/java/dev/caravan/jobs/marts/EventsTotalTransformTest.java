package dev.caravan.jobs.marts;

import static dev.caravan.jobs.marts.Marts.MELBOURNE;
import static dev.caravan.jobs.marts.Marts.PERTH;
import static dev.caravan.jobs.marts.Marts.SYDNEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.place.City;
import dev.caravan.jobs.sample.RawEvents;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class EventsTotalTransformTest {
  private final RawEvents events = new RawEvents();

  private void message(Object id, Object user, String time, City city) {
    events.message(id, user, time, city.lat(), city.lon());
  }

  private List<String> rows() {
    Dataset<Row> rows = Marts.of(events).eventsTotal();
    assertThat(rows.schema().catalogString())
        .isEqualTo(
            "struct<zone_id:int,week:date,month:date,week_message:bigint,week_reaction:bigint,"
                + "week_subscription:bigint,week_user:bigint,month_message:bigint,month_reaction:bigint,"
                + "month_subscription:bigint,month_user:bigint>");
    return rows.collectAsList().stream()
        .map(row -> row.mkString(" "))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void eachKindAloneMakesARowWithZeroesElsewhere() {
    message(1, 10, "2022-05-04T10:00:00", SYDNEY);
    events.reaction(1, 11, "2022-05-04T10:00:00", MELBOURNE.lat(), MELBOURNE.lon());
    events.subscription(12, 7, "2022-05-04T10:00:00", PERTH.lat(), PERTH.lon());
    assertThat(rows())
        .containsExactly(
            "1 2022-05-02 2022-05-01 1 0 0 1 1 0 0 1",
            "2 2022-05-02 2022-05-01 0 1 0 0 0 1 0 0",
            "3 2022-05-02 2022-05-01 0 0 1 0 0 0 1 0");
  }

  @Test
  void weekInTwoMonthsGivesTwoRowsAndMonthsSumTheirWeeks() {
    message(1, 10, "2022-05-30T00:00:00", SYDNEY);
    message(2, 10, "2022-05-31T23:59:59", SYDNEY);
    message(3, 10, "2022-06-01T00:00:00", SYDNEY);
    message(4, 10, "2022-06-05T23:59:59", SYDNEY);
    message(5, 10, "2022-06-06T00:00:00", SYDNEY);
    assertThat(rows())
        .containsExactly(
            "1 2022-05-30 2022-05-01 2 0 0 1 2 0 0 1",
            "1 2022-05-30 2022-06-01 2 0 0 0 3 0 0 0",
            "1 2022-06-06 2022-06-01 1 0 0 0 3 0 0 0");
  }

  @Test
  void copiesCountOnceAndRepeatedEventsEachTime() {
    message(1, 10, "2022-05-04T10:00:00", SYDNEY);
    message(1, 10, "2022-05-04T10:00:00", SYDNEY);
    for (String time : new String[] {"10:00:00", "10:00:00", "11:00:00"}) {
      events.reaction(5, 10, "2022-05-04T" + time, SYDNEY.lat(), SYDNEY.lon());
      events.subscription(10, 7, "2022-05-04T" + time, SYDNEY.lat(), SYDNEY.lon());
    }
    events.reaction(5, 11, "2022-05-04T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    events.reaction(6, 10, "2022-05-04T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    events.subscription(10, 8, "2022-05-04T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    assertThat(rows()).containsExactly("1 2022-05-02 2022-05-01 1 4 3 1 1 4 3 1");
  }

  @Test
  void copiesInTwoPlacesCountInTheLowerZone() {
    message(1, 10, "2022-05-04T10:00:00", PERTH);
    message(1, 10, "2022-05-04T10:00:00", MELBOURNE);
    events.message(1, 10, "2022-05-04T10:00:00", null, null);
    events.reaction(5, 10, "2022-05-04T10:00:00", null, null);
    events.reaction(5, 10, "2022-05-04T10:00:00", PERTH.lat(), PERTH.lon());
    events.reaction(5, 10, "2022-05-04T10:00:00", MELBOURNE.lat(), MELBOURNE.lon());
    assertThat(rows()).containsExactly("2 2022-05-02 2022-05-01 1 1 0 1 1 1 0 1");
  }

  @Test
  void registrationIsTheFirstLocatedMessageWhereItWasWritten() {
    events.message(1, 10, "2022-05-01T10:00:00", null, null);
    message(3, 10, "2022-05-04T10:00:00", PERTH);
    message(2, 10, "2022-05-04T10:00:00", SYDNEY);
    message(4, 10, "2022-05-10T10:00:00", PERTH);
    assertThat(rows())
        .containsExactly(
            "1 2022-05-02 2022-05-01 1 0 0 1 1 0 0 1",
            "3 2022-05-02 2022-05-01 1 0 0 0 2 0 0 0",
            "3 2022-05-09 2022-05-01 1 0 0 0 2 0 0 0");
  }

  @Test
  void eventsWithoutPlaceTimeOrPersonCountNowhere() {
    events.message(1, 10, "2022-05-04T10:00:00", 91.0, 0.0);
    message(2, 10, "yesterday", SYDNEY);
    message(3, null, "2022-05-04T10:00:00", SYDNEY);
    events.reaction(5, "ada", "2022-05-04T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    events.reaction(5, 10, null, SYDNEY.lat(), SYDNEY.lon());
    events.subscription(10, null, "2022-05-04T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    events.subscription(10, 7, "2022-05-04T10:00:00", SYDNEY.lat(), null);
    assertThat(rows()).isEmpty();
  }
}
