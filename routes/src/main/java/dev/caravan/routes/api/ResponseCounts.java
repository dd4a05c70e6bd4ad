package dev.caravan.routes.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many answers of each class (2xx to 5xx) the API has given. For use by many threads. */
public final class ResponseCounts {
  private static final int LOWEST = 2;
  private static final int CLASSES = 4;

  private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

  /**
   * Counts an answer.
   *
   * @param status 200 to 599
   */
  void count(int status) {
    counts.incrementAndGet(status / 100 - LOWEST);
  }

  /** The counts by class, such as {@code 4xx}. */
  public Map<String, Long> byClass() {
    Map<String, Long> byClass = new TreeMap<>();
    for (int i = 0; i < CLASSES; i++) {
      byClass.put((i + LOWEST) + "xx", counts.get(i));
    }
    return byClass;
  }
}
