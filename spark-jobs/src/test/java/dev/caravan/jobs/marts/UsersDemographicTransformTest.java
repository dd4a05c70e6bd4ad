package dev.caravan.jobs.marts;

import static dev.caravan.jobs.marts.Marts.MELBOURNE;
import static dev.caravan.jobs.marts.Marts.PERTH;
import static dev.caravan.jobs.marts.Marts.SYDNEY;
import static dev.caravan.jobs.sample.RawEvents.utc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.place.City;
import dev.caravan.jobs.sample.RawEvents;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each rule has a user of its own, so that all of them share one query. */
class UsersDemographicTransformTest {
  private static final String NO_HOME = "Couldn't determine";

  private static Map<Long, Row> users;

  private static RawEvents write(RawEvents events, long user, Object id, String time, City city) {
    return events.message(id, user, time, city.lat(), city.lon());
  }

  @BeforeAll
  static void compute() {
    RawEvents events = new RawEvents();
    // 1: the latest message decides, whatever the order of the rows.
    write(events, 1, 12, "2022-05-03T10:00:00", PERTH);
    write(events, 1, 11, "2022-05-01T10:00:00", SYDNEY);
    // 2: of messages at one time the higher id is the later.
    write(events, 2, 22, "2022-05-01T10:00:00", MELBOURNE);
    write(events, 2, 21, "2022-05-01T10:00:00", SYDNEY);
    // 3: 28 days are a home, though by the clock they are 27 and a minute.
    write(events, 3, 31, "2022-04-01T23:59:00", SYDNEY);
    write(events, 3, 32, "2022-04-29T00:00:00", SYDNEY);
    // 4: 27 days are not, though by the clock they are nearly 28.
    write(events, 4, 41, "2022-04-01T00:00:00", SYDNEY);
    write(events, 4, 42, "2022-04-28T23:59:59", SYDNEY);
    // 5: a visit lasts to the first message of the next one.
    write(events, 5, 51, "2022-04-01T00:00:00", SYDNEY);
    write(events, 5, 52, "2022-04-02T00:00:00", SYDNEY);
    write(events, 5, 53, "2022-04-29T00:00:00", PERTH);
    // 6: the last visit lasts to its own last message only.
    write(events, 6, 61, "2022-03-01T00:00:00", SYDNEY);
    write(events, 6, 62, "2022-03-02T00:00:00", PERTH);
    // 7: of two homes the more recent one; and back again is a third visit.
    write(events, 7, 71, "2022-01-01T00:00:00", SYDNEY);
    write(events, 7, 72, "2022-02-01T00:00:00", MELBOURNE);
    write(events, 7, 73, "2022-03-10T00:00:00", SYDNEY);
    // 8: a message without a place, or out of range, is no part of anything.
    write(events, 8, 81, "2022-05-01T10:00:00", SYDNEY);
    events.message(82, 8, "2022-05-02T10:00:00", null, 151.0);
    events.message(83, 8, "2022-05-03T10:00:00", -33.0, null);
    events.message(84, 8, "2022-05-04T10:00:00", -90.1, 151.0);
    events.message(85, 8, "2022-05-05T10:00:00", -33.0, 180.1);
    events.message(86, 8, "2022-05-06T10:00:00", Double.NaN, 151.0);
    // 9: nothing located at all.
    events.message(91, 9, "2022-05-01T10:00:00", null, null);
    // 10: midnight UTC is another day in Sydney; a direct message counts by its own time.
    events.direct(101, 10, 1, "2022-05-01T00:00:00", SYDNEY.lat(), SYDNEY.lon());
    // 11: copies of a message are one; without a time there is no place in the order.
    write(events, 11, 111, "2022-05-01T10:00:00", SYDNEY);
    write(events, 11, 111, "2022-05-01T10:00:00", SYDNEY);
    write(events, 11, 112, null, PERTH);
    // 12: one id at two times is two messages.
    write(events, 12, 121, "2022-05-01T10:00:00", SYDNEY);
    write(events, 12, 121, "2022-05-02T10:00:00", PERTH);
    // 13: of copies in two places the lower city_id stays.
    write(events, 13, 131, "2022-05-01T10:00:00", PERTH);
    write(events, 13, 131, "2022-05-01T10:00:00", MELBOURNE);
    // Dropped: nobody wrote it, or nobody knows who.
    events.message(1, null, "2022-05-01T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    events.message(1, "ada", "2022-05-01T10:00:00", SYDNEY.lat(), SYDNEY.lon());
    users =
        Marts.of(events).usersDemographic().collectAsList().stream()
            .collect(Collectors.toMap(row -> row.getLong(0), Function.identity()));
  }

  @Test
  void columnsAreThoseOfTheContract() {
    assertThat(users.get(1L).schema().catalogString())
        .isEqualTo(
            "struct<user_id:bigint,act_city:string,home_city:string,local_time:timestamp,"
                + "travel_count:int,travel_array:array<string>>");
  }

  @Test
  void onlyUsersWithALocatedMessageHaveARow() {
    assertThat(users).hasSize(12).doesNotContainKey(9L);
  }

  @Test
  void latestMessageTellsTheCity() {
    assertThat(city(1)).isEqualTo("Perth");
    assertThat(city(2)).isEqualTo("Melbourne");
    assertThat(city(8)).isEqualTo("Sydney");
    assertThat(city(12)).isEqualTo("Perth");
  }

  @Test
  void homeTakesMoreThan27Days() {
    assertThat(home(3)).isEqualTo("Sydney");
    assertThat(home(4)).isEqualTo(NO_HOME);
  }

  @Test
  void visitEndsWithTheNextOneOrWithItsLastMessage() {
    assertThat(home(5)).isEqualTo("Sydney");
    assertThat(home(6)).isEqualTo(NO_HOME);
  }

  @Test
  void mostRecentHomeCounts() {
    assertThat(home(7)).isEqualTo("Melbourne");
  }

  @Test
  void localTimeIsOfTheCityWithItsSummerTime() {
    assertThat(users.get(10L).getTimestamp(3)).isEqualTo(utc("2022-05-01T10:00:00"));
    assertThat(users.get(7L).getTimestamp(3)).isEqualTo(utc("2022-03-10T11:00:00"));
    assertThat(users.get(1L).getTimestamp(3)).isEqualTo(utc("2022-05-03T18:00:00"));
  }

  @Test
  void travelsAreTheVisitsInOrder() {
    assertThat(travels(1)).containsExactly("Sydney", "Perth");
    assertThat(travels(2)).containsExactly("Sydney", "Melbourne");
    assertThat(travels(3)).containsExactly("Sydney");
    assertThat(travels(7)).containsExactly("Sydney", "Melbourne", "Sydney");
    assertThat(travels(11)).containsExactly("Sydney");
    assertThat(travels(13)).containsExactly("Melbourne");
    assertThat(users.values())
        .allSatisfy(row -> assertThat(row.getInt(4)).isEqualTo(row.getList(5).size()));
  }

  private static String city(long user) {
    return users.get(user).getString(1);
  }

  private static String home(long user) {
    return users.get(user).getString(2);
  }

  private static Iterable<String> travels(long user) {
    return users.get(user).getList(5);
  }
}
