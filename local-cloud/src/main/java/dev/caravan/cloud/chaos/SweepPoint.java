package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Kind;
import dev.caravan.cloud.chaos.Strike.Place;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One kill of the sweep. */
record SweepPoint(int message, Place place, What what) {

  /** What is killed. */
  enum What {
    ORCHESTRATOR(Kind.KILL_ORCHESTRATOR),
    ENDPOINT(Kind.KILL_ENDPOINT);

    private final Kind kind;

    What(Kind kind) {
      this.kind = kind;
    }

    Kind kind() {
      return kind;
    }
  }

  private static final List<Place> PLACES =
      List.of(Place.BEFORE, Place.BEFORE_ANSWER, Place.AFTER_ANSWER);

  /**
   * The points from one message to another, both included, in the messages' order.
   *
   * @param all whether each message is struck in each place; else the place rotates
   */
  static List<SweepPoint> of(int from, int to, Set<What> whats, boolean all) {
    List<SweepPoint> points = new ArrayList<>();
    for (int message = from; message <= to; message++) {
      List<Place> places = all ? PLACES : List.of(PLACES.get(message % PLACES.size()));
      for (What what : EnumSet.copyOf(whats)) {
        for (Place place : places) {
          points.add(new SweepPoint(message, place, what));
        }
      }
    }
    return points;
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it isn't {@code k:place:what}
   */
  static SweepPoint parse(String text) {
    String[] parts = text.toUpperCase(Locale.ROOT).replace('-', '_').split(":");
    try {
      SweepPoint point =
          new SweepPoint(
              Integer.parseInt(parts[0]), Place.valueOf(parts[1]), What.valueOf(parts[2]));
      if (parts.length == 3 && point.message() > 0 && PLACES.contains(point.place())) {
        return point;
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(wrong(text), e);
    }
    throw new IllegalArgumentException(wrong(text));
  }

  private static String wrong(String text) {
    return text
        + " is not k:place:what, for instance 17:before-answer:orchestrator (places: before,"
        + " before-answer, after-answer; what: orchestrator, endpoint)";
  }

  @Override
  public String toString() {
    return message + ":" + (place + ":" + what).toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
