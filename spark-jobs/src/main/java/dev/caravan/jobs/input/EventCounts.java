package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many events of one type were read, and how many of them were dropped, by cause; an event with
 * several faults counts for the first of them.
 */
public final class EventCounts {
  /** Rows seen. */
  static final String READ = "rowsRead";

  private final long read;
  private final Map<DropCause, Long> dropped;

  private EventCounts(long read, Map<DropCause, Long> dropped) {
    this.read = read;
    this.dropped = dropped;
  }

  /** No event. */
  public static EventCounts none() {
    return new EventCounts(0, new EnumMap<>(DropCause.class));
  }

  /** The numbers in a row that was aggregated by {@link #rows} and {@link #rowsByCause}. */
  public static EventCounts of(Row counts) {
    Map<DropCause, Long> dropped = new EnumMap<>(DropCause.class);
    for (DropCause cause : DropCause.values()) {
      dropped.put(cause, number(counts, cause.key()));
    }
    return new EventCounts(number(counts, READ), dropped);
  }

  /** The numbers of each day of typed events with {@link EventReader#DAY}; runs a query. */
  public static Map<LocalDate, EventCounts> byDay(EventType type, Dataset<Row> dated) {
    Map<LocalDate, EventCounts> days = new HashMap<>();
    dated
        .groupBy(EventReader.DAY)
        .agg(rows(), rowsByCause(type))
        .collectAsList()
        .forEach(row -> days.put(LocalDate.parse(row.get(0).toString()), of(row)));
    return days;
  }

  /** A sum over no row is null. */
  private static long number(Row counts, String name) {
    int index = counts.fieldIndex(name);
    return counts.isNullAt(index) ? 0 : counts.getLong(index);
  }

  /** Counts typed events. */
  static Column rows() {
    return count(lit(1)).as(READ);
  }

  /** Counts those that are dropped, a column for each cause. */
  static Column[] rowsByCause(EventType type) {
    return Arrays.stream(DropCause.values())
        .map(cause -> sum(when(cause.holds(type), 1L).otherwise(0L)).as(cause.key()))
        .toArray(Column[]::new);
  }

  /** These and more. */
  public EventCounts and(EventCounts more) {
    Map<DropCause, Long> sums = new EnumMap<>(DropCause.class);
    sums.putAll(dropped);
    more.dropped.forEach((cause, rows) -> sums.merge(cause, rows, Long::sum));
    return new EventCounts(read + more.read, sums);
  }

  /** Rows seen, those dropped among them. */
  public long read() {
    return read;
  }

  /** Rows dropped, by the key of their cause. */
  public Map<String, Long> dropped() {
    Map<String, Long> byKey = new LinkedHashMap<>();
    for (DropCause cause : DropCause.values()) {
      byKey.put(cause.key(), dropped.getOrDefault(cause, 0L));
    }
    return byKey;
  }

  /** The cause for which every row was dropped, if there were rows. */
  public Optional<DropCause> onlyCause() {
    return dropped.entrySet().stream()
        .filter(cause -> read > 0 && cause.getValue() == read)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
