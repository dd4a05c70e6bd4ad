package dev.caravan.cloud.events;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Somebody of the sample: where she is at which time. Half of the people stay at home, the others
 * travel. In each city a person keeps to one place that some eight people share, so that near ones
 * are few, but are there; the more people, the wider the cities.
 */
final class Person {

  private static final int PEOPLE_AT_A_PLACE = 8;
  private static final double PLACE_WITHIN_DEGREES = 0.03;
  private static final double PEOPLE_OF_THAT = 1000;
  private static final double WIDEST_DEGREES = 0.5;
  private static final double STEP_WITHIN_DEGREES = 0.002;

  /** Degrees. */
  record Position(double latitude, double longitude) {}

  private final long id;
  private final long people;
  private final TreeMap<Double, SampleCity> stays = new TreeMap<>();

  /**
   * @param days how long the sample is
   * @param people how many there are in all
   */
  Person(long id, int days, long people, long seed) {
    this.id = id;
    this.people = people;
    SplittableRandom random = new SplittableRandom(seed ^ (id * 0x9E3779B97F4A7C15L));
    SampleCity home = SampleCity.atShare(random.nextDouble());
    stays.put(0.0, home);
    double day = random.nextBoolean() ? days : random.nextDouble() * days / 2;
    while (day < days) {
      stays.put(day, SampleCity.ALL.get(random.nextInt(SampleCity.ALL.size())));
      double back = day + 1 + random.nextDouble() * 6;
      stays.put(back, home);
      day = back + 1 + random.nextDouble() * days / 3;
    }
  }

  long id() {
    return id;
  }

  /** Where she is so many days after the sample's begin. */
  SampleCity city(double day) {
    return stays.floorEntry(day).getValue();
  }

  /** Her coordinates at a time; a few steps around her place there. */
  Position position(double day, SplittableRandom random) {
    SampleCity city = city(day);
    long places = Math.max(1, city.inhabitants(people) / PEOPLE_AT_A_PLACE);
    SplittableRandom place =
        new SplittableRandom(city.id() * 1_000_003L + Math.floorMod(id, places));
    double wide =
        Math.min(
            WIDEST_DEGREES, PLACE_WITHIN_DEGREES * Math.sqrt(Math.max(1, people / PEOPLE_OF_THAT)));
    return new Position(
        city.latitude() + around(place, wide) + around(random, STEP_WITHIN_DEGREES),
        city.longitude() + around(place, wide) + around(random, STEP_WITHIN_DEGREES));
  }

  private static double around(SplittableRandom random, double degrees) {
    return (random.nextDouble() * 2 - 1) * degrees;
  }

  /** A position as phones send it: now and then missing in part or in whole, or out of range. */
  Optional<Position> sentPosition(double day, SplittableRandom random) {
    Position position = position(day, random);
    double chance = random.nextDouble();
    if (chance < 0.08) {
      return Optional.empty();
    }
    return Optional.of(chance < 0.081 ? new Position(position.latitude() - 90, 999) : position);
  }
}
