package dev.caravan.cloud.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;

class DayTest {

  private static final LocalDate DATE = LocalDate.parse("2026-03-01");
  private static final long PEOPLE = 300;

  private static List<Group> events(EventKind kind, int rows) {
    List<Person> people =
        LongStream.rangeClosed(1, PEOPLE).mapToObj(id -> new Person(id, 30, PEOPLE, 1)).toList();
    List<Group> events = new ArrayList<>();
    new Day(DATE, 29, people, Channels.of(people.size()), 1).events(kind, rows, events::add);
    return events;
  }

  private static Predicate<Group> has(String column) {
    return row -> row.getFieldRepetitionCount(column) == 1;
  }

  private static List<String> texts(List<Group> events) {
    return events.stream().map(Group::toString).toList();
  }

  @Test
  void theSameSeedGivesTheSameEvents() {
    assertThat(texts(events(EventKind.MESSAGE, 500)))
        .isEqualTo(texts(events(EventKind.MESSAGE, 500)));
  }

  @Test
  void messagesGoToSomebodyOrToAChannelAndHaveTheTimeThatFits() {
    List<Group> messages = events(EventKind.MESSAGE, 5000);
    assertThat(messages).hasSize(5000).allMatch(has("message_id"));
    List<Group> direct = messages.stream().filter(has("message_to")).toList();
    List<Group> toChannels = messages.stream().filter(has("message_channel_to")).toList();
    assertThat(direct).hasSizeGreaterThan(3000).allMatch(has("message_ts"));
    assertThat(toChannels).hasSizeGreaterThan(1000).allMatch(has("datetime"));
    assertThat(direct.size() + toChannels.size()).isEqualTo(5000);
    assertThat(messages).anyMatch(has("message_from").negate());
    assertThat(toChannels)
        .allMatch(row -> row.getString("datetime", 0).startsWith(DATE.toString()));
    assertThat(direct)
        .allMatch(
            row ->
                Instant.ofEpochMilli(row.getLong("message_ts", 0) / 1000)
                    .toString()
                    .startsWith(DATE.toString()));
  }

  @Test
  void someRowsComeTwiceAndSomePositionsAreMissingOrWrong() {
    List<Group> messages = events(EventKind.MESSAGE, 5000);
    Set<String> distinct = new HashSet<>(texts(messages));
    assertThat(5000 - distinct.size()).isBetween(20, 100);
    assertThat(messages.stream().filter(has("lat").negate()).count()).isBetween(200L, 700L);
    assertThat(messages.stream().filter(has("lon")).filter(row -> row.getDouble("lon", 0) > 180))
        .isNotEmpty();
  }

  @Test
  void aFewReactionsNameNoUser() {
    List<Group> reactions = events(EventKind.REACTION, 5000);
    assertThat(reactions).allMatch(has("reaction_from")).allMatch(has("datetime"));
    assertThat(reactions).anyMatch(row -> row.getString("reaction_from", 0).equals("deleted"));
  }

  @Test
  void aFewChannelsHaveNearlyEverybody() {
    List<Group> subscriptions = events(EventKind.SUBSCRIPTION, 5000);
    long toTheFirst =
        subscriptions.stream()
            .filter(has("subscription_channel"))
            .filter(row -> row.getLong("subscription_channel", 0) == 1)
            .count();
    assertThat(toTheFirst).isBetween(750L, 2000L);
    assertThat(subscriptions).anyMatch(has("user").negate()).anyMatch(has("subscription_user"));
  }

  @Test
  void halfOfThePeopleTravelAndTheOthersStay() {
    long stay =
        LongStream.rangeClosed(1, PEOPLE)
            .mapToObj(id -> new Person(id, 30, PEOPLE, 1))
            .filter(
                person ->
                    LongStream.range(0, 300)
                            .mapToObj(step -> person.city(step / 10.0))
                            .distinct()
                            .count()
                        == 1)
            .count();
    assertThat(stay).isBetween(PEOPLE / 3, PEOPLE * 2 / 3);
  }

  @Test
  void everyCityHasATimeZoneThatExists() {
    assertThat(SampleCity.ALL).hasSize(24).extracting(SampleCity::id).doesNotHaveDuplicates();
    assertThat(SampleCity.ALL).allMatch(city -> ZoneId.of(city.timeZone()) != null);
  }

  @Test
  void aSampleWithoutARowForEachDayIsRefused() {
    assertThatThrownBy(() -> SampleEvents.until(DATE).rows(299))
        .hasMessageContaining("299 rows on 30 days");
  }
}
