package dev.caravan.routes.operations;

import java.util.List;

/** What happens, in its order. For use by many threads. */
public interface EventFeed {

  /**
   * Events of everything, oldest first, after the one of this number. One that others may still
   * come before is not told yet.
   */
  List<EventView> events(long after, int limit);

  /** The number of the latest event; 0 if there is none. */
  long lastEvent();
}
