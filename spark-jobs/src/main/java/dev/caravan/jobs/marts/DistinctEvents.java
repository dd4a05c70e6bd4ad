package dev.caravan.jobs.marts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;

/** The rows of {@link DistinctEventsTransform} for one partition of events. */
final class DistinctEvents implements Iterator<InternalRow> {
  private static final long MICROS_A_DAY = 86_400_000_000L;

  /** Copies one after the other, the one in the lowest place first. */
  private static final Comparator<Event> ORDER =
      Comparator.comparingLong((Event event) -> event.id)
          .thenComparing(event -> event.hasId)
          .thenComparingLong(event -> event.time)
          .thenComparing(event -> event.hasTime)
          .thenComparingInt(event -> event.place);

  private final Iterator<InternalRow> events;
  private final boolean withIds;
  private final Map<Integer, Map<Long, Long>> counts = new HashMap<>();
  private final List<Event> ofUser = new ArrayList<>();
  private final Queue<InternalRow> ready = new ArrayDeque<>();
  private long user;
  private boolean counted;

  DistinctEvents(Iterator<InternalRow> events, boolean withIds) {
    this.events = events;
    this.withIds = withIds;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !counted) {
      advance();
    }
    return !ready.isEmpty();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  /** Takes one more event. With the first one of another user, or none, the user is complete. */
  private void advance() {
    if (!events.hasNext()) {
      endUser();
      counts.forEach(
          (place, days) ->
              days.forEach((day, number) -> ready.add(row(null, null, place, day, number))));
      counted = true;
      return;
    }
    InternalRow event = events.next();
    long whose = event.getLong(0);
    if (whose != user) {
      endUser();
      user = whose;
    }
    ofUser.add(new Event(event));
  }

  private void endUser() {
    if (ofUser.isEmpty()) {
      return;
    }
    ofUser.sort(ORDER);
    long[] ids = new long[ofUser.size()];
    int distinct = 0;
    Event before = null;
    for (Event event : ofUser) {
      if (before == null || !event.hasIdOf(before)) {
        ids[distinct++] = event.id;
      }
      boolean copy = before != null && event.isCopyOf(before);
      if (!copy && event.hasTime && event.place != Event.NOWHERE) {
        counts
            .computeIfAbsent(event.place, place -> new HashMap<>())
            .merge(Math.floorDiv(event.time, MICROS_A_DAY), 1L, Long::sum);
      }
      before = event;
    }
    if (withIds) {
      long[] all = new long[distinct];
      System.arraycopy(ids, 0, all, 0, distinct);
      ready.add(row(user, UnsafeArrayData.fromPrimitiveArray(all), null, null, null));
    }
    ofUser.clear();
  }

  private static InternalRow row(Object... values) {
    return new GenericInternalRow(values);
  }

  /** What of an event matters here. */
  private static final class Event {
    /** After all places, so that of copies one that has a place counts. */
    static final int NOWHERE = Integer.MAX_VALUE;

    private final boolean hasId;
    private final long id;
    private final boolean hasTime;
    private final long time;
    private final int place;

    Event(InternalRow row) {
      hasId = !row.isNullAt(1);
      id = hasId ? row.getLong(1) : 0;
      hasTime = !row.isNullAt(2);
      time = hasTime ? row.getLong(2) : 0;
      place = row.isNullAt(3) ? NOWHERE : row.getInt(3);
    }

    boolean hasIdOf(Event other) {
      return id == other.id && hasId == other.hasId;
    }

    boolean isCopyOf(Event other) {
      return hasIdOf(other) && time == other.time && hasTime == other.hasTime;
    }
  }
}
