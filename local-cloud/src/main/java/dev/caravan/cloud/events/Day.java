package dev.caravan.cloud.events;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;

/** Makes up the events of one day, each kind from a random sequence of its own. */
final class Day {

  private static final double DUPLICATES = 0.01;
  private static final double TO_CHANNELS = 0.3;
  private static final long MILLIS = Duration.ofDays(1).toMillis();
  private static final long LAST_IDS = 1L << 60;
  private static final List<String> REACTIONS = List.of("like", "dislike");
  private static final List<String> MEDIA = List.of("image", "video", "audio");

  private final LocalDate date;
  private final int index;
  private final List<Person> people;
  private final Channels channels;
  private final long seed;

  /**
   * @param index days since the sample's begin
   */
  Day(LocalDate date, int index, List<Person> people, Channels channels, long seed) {
    this.date = date;
    this.index = index;
    this.people = people;
    this.channels = channels;
    this.seed = seed;
  }

  /**
   * Hands out exactly so many events, about one in a hundred of them a repetition of the one
   * before.
   */
  void events(EventKind kind, long rows, Consumer<Group> sink) {
    SplittableRandom random =
        new SplittableRandom(seed * 31 + date.toEpochDay() * 1_000_003L + kind.ordinal());
    Group last = null;
    for (long row = 0; row < rows; row++) {
      if (last == null || random.nextDouble() >= DUPLICATES) {
        last = event(kind, row, rows, random).group();
      }
      sink.accept(last);
    }
  }

  /** Hands out a message of each of so many people from one point at the end of the day. */
  void gathering(int gathered, Consumer<Group> sink) {
    Instant end = date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1000);
    Person.Position point =
        new Person.Position(SampleCity.ALL.get(0).latitude(), SampleCity.ALL.get(0).longitude());
    for (int i = 0; i < gathered; i++) {
      Person person = people.get((int) ((long) i * people.size() / gathered));
      sink.accept(
          new EventRow()
              .at(point)
              .with("message_id", LAST_IDS + i)
              .with("message_from", person.id())
              .with("message_channel_to", 1)
              .datetime(end)
              .group());
    }
  }

  private EventRow event(EventKind kind, long row, long rows, SplittableRandom random) {
    long millis = random.nextLong(MILLIS);
    Instant time = date.atStartOfDay(ZoneOffset.UTC).toInstant().plusMillis(millis);
    boolean byFan = kind == EventKind.SUBSCRIPTION && channels.isByFan(random);
    Person person = byFan ? channels.fan(people, random) : somebody(random);
    EventRow event = new EventRow();
    person.sentPosition(index + (double) millis / MILLIS, random).ifPresent(event::at);
    return switch (kind) {
      case MESSAGE -> message(event, person, messageId(row, rows), time, random);
      case REACTION ->
          event
              .with("message_id", messageId(random.nextLong(rows), rows))
              .with("reaction_from", chance(random, 0.002) ? "deleted" : id(person))
              .with("reaction_type", REACTIONS.get(random.nextInt(REACTIONS.size())))
              .datetime(time);
      case SUBSCRIPTION ->
          byFan
              ? event.with("user", id(person)).with("subscription_channel", 1).datetime(time)
              : subscription(event, person, time, random);
    };
  }

  /** Unique over all days, as long as no day has more than a thousand million messages. */
  private long messageId(long row, long rows) {
    return index * 1_000_000_000L + row % rows + 1;
  }

  private EventRow message(
      EventRow event, Person from, long id, Instant time, SplittableRandom random) {
    event.with("message_id", id).with("message", "message " + id);
    if (!chance(random, 0.001)) {
      event.with("message_from", from.id());
    }
    if (chance(random, 0.1)) {
      event.with("media_type", MEDIA.get(random.nextInt(MEDIA.size())));
    }
    if (chance(random, TO_CHANNELS)) {
      return event.with("message_channel_to", channels.any(random)).datetime(time);
    }
    return event.with("message_to", acquaintance(from, random)).messageTime(time);
  }

  private EventRow subscription(
      EventRow event, Person person, Instant time, SplittableRandom random) {
    if (!chance(random, 0.001)) {
      event.with("user", id(person));
    }
    if (chance(random, 0.05)) {
      return event.with("subscription_user", id(somebody(random))).datetime(time);
    }
    return event.with("subscription_channel", channels.any(random)).datetime(time);
  }

  /** Some people do a lot more than others. */
  private Person somebody(SplittableRandom random) {
    double share = random.nextDouble();
    return people.get((int) (Math.pow(share, 1.5) * people.size()));
  }

  /** A few channels have nearly everybody, most have nearly nobody. */
  private long acquaintance(Person person, SplittableRandom random) {
    return Math.floorMod(person.id() + random.nextInt(1, 20), people.size()) + 1L;
  }

  private static String id(Person person) {
    return Long.toString(person.id());
  }

  private static boolean chance(SplittableRandom random, double probability) {
    return random.nextDouble() < probability;
  }
}
