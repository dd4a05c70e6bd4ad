package dev.caravan.processors.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Slots as lists, for tests. */
final class TestSlots {
  private static final int PORTION = 500;

  private TestSlots() {}

  /** Those after one instant and up to another, the second included. */
  static List<Slot> between(Slots slots, Instant after, Instant upTo) {
    List<Slot> found = new ArrayList<>();
    List<Slot> portion = slots.next(after, PORTION);
    while (!portion.isEmpty() && !portion.get(0).at().isAfter(upTo)) {
      portion.stream().filter(slot -> !slot.at().isAfter(upTo)).forEach(found::add);
      portion = slots.next(portion.get(portion.size() - 1).at(), PORTION);
    }
    return found;
  }
}
