package dev.caravan.cloud.events;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The channels that people write and subscribe to, numbered from 1.
 *
 * @param skew 1: all are equally large; the higher, the fewer have the more
 * @param fans besides, channel 1 is one that one in so many people subscribes to, and with that
 *     part of all subscriptions; 0: it is as the others are
 */
public record Channels(long count, double skew, int fans) {

  private static final double USUAL_SKEW = 3;
  private static final long FEWEST = 5;
  private static final int PEOPLE_FOR_ONE = 5;

  /** A few channels have nearly everybody, most have nearly nobody. */
  static Channels of(int people) {
    return new Channels(Math.max(FEWEST, people / PEOPLE_FOR_ONE), USUAL_SKEW, 0);
  }

  long any(SplittableRandom random) {
    return 1 + (long) (Math.pow(random.nextDouble(), skew) * count);
  }

  /** Whether the next subscription is one to channel 1 by one of its fans. */
  boolean isByFan(SplittableRandom random) {
    return fans > 0 && random.nextInt(fans) == 0;
  }

  Person fan(List<Person> people, SplittableRandom random) {
    return people.get(random.nextInt(people.size() / fans) * fans);
  }
}
