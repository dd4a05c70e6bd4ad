package dev.caravan.jobs.marts;

import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.sample.RawEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Many small random inputs in one: each has users, channels and a hundred days of its own, so that
 * they share queries and meet in no row. Values come from few, so that ties, copies, midnights and
 * exact distances are common.
 */
final class RandomEvents {
  /** Users and channels of input i are i times this and up. */
  static final int IDS = 100;

  private static final LocalDate FIRST_DAY = LocalDate.of(2018, 12, 20);
  private static final int[] DAYS = {0, 1, 2, 11, 12, 26, 27, 28, 29, 39, 40, 55, 56};
  private static final String[] TIMES = {
    "00:00:00", "00:00:00.000001", "12:00:00", "12:00:00", "23:59:59.999999"
  };
  private static final double[][] ANCHORS = {
    {-33.865, 151.2094}, {0, 0}, {12, 179.9995}, {12, -179.9995}, {-89.9995, 30}, {68.9, 33.0}
  };

  /** Half a kilometre, the kilometre itself, and a little more, in degrees of latitude. */
  private static final double[] STEPS = {0, 0, 0.0044966, 0.00899322, 0.00899323, 0.01};

  private final Random random;
  private final RawEvents events = new RawEvents();
  private final boolean wild;
  private double[] anchor = ANCHORS[0];

  /**
   * Inputs from one seed.
   *
   * @param wild ids that are no numbers and times that are none occur
   */
  RandomEvents(long seed, int inputs, boolean wild) {
    this.random = new Random(seed);
    this.wild = wild;
    for (int input = 0; input < inputs; input++) {
      fill(input);
    }
  }

  RawEvents events() {
    return events;
  }

  /**
   * Cities on a lattice around the places where everything happens, some of them at one point.
   *
   * @param each how many cities around each place
   */
  CityDictionary cities(int each) {
    List<City> cities = new ArrayList<>();
    String[] zones = {"Australia/Sydney", "America/St_Johns", "UTC", "Asia/Kathmandu"};
    for (double[] center : ANCHORS) {
      for (int i = 0; i < each; i++) {
        double lat = Math.max(-90, Math.min(90, center[0] + 0.005 * (random.nextInt(7) - 3)));
        double lon = Math.max(-180, Math.min(180, center[1] + 0.005 * (random.nextInt(7) - 3)));
        int id = 1000 - 7 * cities.size();
        cities.add(Marts.city(id, "C" + id, lat, lon, zones[random.nextInt(4)]));
      }
    }
    return new CityDictionary(cities);
  }

  private void fill(int input) {
    anchor = ANCHORS[random.nextInt(ANCHORS.length)];
    int users = 1 + random.nextInt(6);
    for (int i = random.nextInt(25); i > 0; i--) {
      if (random.nextInt(4) == 0) {
        events.direct(
            random.nextInt(4), user(input, users), user(input, users), time(input), lat(), lon());
      } else {
        events.message(random.nextInt(4), user(input, users), time(input), lat(), lon());
      }
    }
    for (int i = random.nextInt(8); i > 0; i--) {
      events.reaction(random.nextInt(3), user(input, users), time(input), lat(), lon());
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      events.subscription(user(input, users), user(input, 3), time(input), lat(), lon());
    }
  }

  private Object user(int input, int users) {
    int kind = random.nextInt(25);
    if (kind == 0) {
      return null;
    }
    return wild && kind == 1 ? "12.5" : input * IDS + random.nextInt(users);
  }

  private String time(int input) {
    if (random.nextInt(30) == 0) {
      return wild && random.nextBoolean() ? "12:30:00" : null;
    }
    LocalDate day = FIRST_DAY.plusDays(100L * input + DAYS[random.nextInt(DAYS.length)]);
    return day + "T" + TIMES[random.nextInt(TIMES.length)];
  }

  private Double lat() {
    int kind = random.nextInt(30);
    return kind == 0
        ? null
        : kind == 1 ? Double.NaN : kind == 2 ? 90.5 : anchor[0] + step() * (random.nextInt(3) - 1);
  }

  private Double lon() {
    int kind = random.nextInt(30);
    return kind == 0 ? null : kind == 1 ? -180.5 : anchor[1] + step() * (random.nextInt(3) - 1);
  }

  private double step() {
    return STEPS[random.nextInt(STEPS.length)];
  }
}
