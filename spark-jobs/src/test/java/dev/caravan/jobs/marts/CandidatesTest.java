package dev.caravan.jobs.marts;

import static dev.caravan.jobs.marts.Marts.PERTH;
import static dev.caravan.jobs.marts.Marts.SYDNEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.RawEvents;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In Sydney many stand at one point and few have a channel in common; in Perth all have the same.
 */
@Tag("slow")
class CandidatesTest {
  private static final int CROWD = 40;
  private static final int CHANNELS = 20;
  private static final int FEW_CHANNELS = 10;
  private static final double SOME_HUNDRED_METRES = 0.004;

  private static Marts marts;
  private static Dataset<Row> people;

  @BeforeAll
  static void gather() {
    RawEvents events = new RawEvents();
    for (int i = 0; i < CROWD; i++) {
      events.message(1, 1000 + i, "2022-05-01T10:00:00", SYDNEY.lat(), SYDNEY.lon());
      // Two channels, and so some pairs have both in common.
      events.subscription(1000 + i, i % CHANNELS).subscription(1000 + i, 100 + i % CHANNELS);
      events.message(1, 2000 + i, "2022-05-01T10:00:00", PERTH.lat(), PERTH.lon());
      events.subscription(2000 + i, 7);
    }
    // Around the crowd, in cells of their own: some within a kilometre of it and some beyond.
    for (int step = -4; step <= 4; step++) {
      long user = 3100 + step;
      events.message(
          1, user, "2022-05-01T10:00:00", SYDNEY.lat() + step * SOME_HUNDRED_METRES, SYDNEY.lon());
      events.subscription(user, 3).subscription(user, 4);
    }
    for (int i = 0; i < 3 * FEW_CHANNELS; i++) {
      // The pole is one point, whatever its longitude; so are both sides of the date line.
      events.message(1, 4000 + i, "2022-05-01T10:00:00", 90.0, -180.0 + 12 * i);
      events.subscription(4000 + i, 400 + i % FEW_CHANNELS);
      events.message(1, 5000 + i, "2022-05-01T10:00:00", -60.0, i % 2 == 0 ? 180.0 : -180.0);
      events.subscription(5000 + i, 500 + i % FEW_CHANNELS);
    }
    marts = Marts.of(events);
    people = marts.people().persist();
  }

  @AfterAll
  static void disperse() {
    people.unpersist();
  }

  private static List<Row> rows(long crowd) {
    return marts.recommendations(people, crowd).collectAsList();
  }

  private static List<Row> pairs(long crowd) {
    return new Candidates(people, crowd).pairs().collectAsList();
  }

  private static List<String> users(List<Row> pairs) {
    return pairs.stream()
        .map(pair -> pair.getLong(0) + "-" + pair.getLong(1))
        .collect(Collectors.toList());
  }

  @Test
  void rowsDoNotDependOnHowCandidatesAreLookedFor() {
    List<Row> byPlace = rows(Long.MAX_VALUE);
    // Everybody in Perth with everybody there, and in Sydney two for each channel and those near.
    assertThat(byPlace).hasSizeGreaterThan(CROWD * (CROWD - 1) + CROWD);
    assertThat(byPlace.stream().filter(row -> row.getLong(0) >= 4000))
        .as("at the pole and the date line three to each channel: each user twice")
        .hasSize(2 * 2 * 3 * FEW_CHANNELS);
    assertThat(rows(10)).containsExactlyInAnyOrderElementsOf(byPlace);
  }

  @Test
  void aCrowdOfManyChannelsIsPairedByChannelAndOneOfASingleChannelByPlace() {
    Map<Boolean, List<Row>> pairs =
        pairs(10).stream().collect(Collectors.partitioningBy(pair -> pair.getBoolean(2)));
    assertThat(pairs.get(true)).allMatch(pair -> pair.getLong(0) < pair.getLong(1));
    assertThat(users(pairs.get(true)))
        .as("each once, whatever they have in common")
        .doesNotHaveDuplicates()
        .contains("1000-1020")
        .doesNotContain("2000-2020");
    assertThat(pairs.get(false).stream().filter(pair -> pair.getLong(0) / 1000 == 2))
        .hasSize(CROWD * (CROWD - 1) / 2);
  }

  @Test
  void withoutACrowdAllArePairedByPlace() {
    assertThat(pairs(CROWD + 10)).isNotEmpty().allMatch(pair -> !pair.getBoolean(2));
  }
}
