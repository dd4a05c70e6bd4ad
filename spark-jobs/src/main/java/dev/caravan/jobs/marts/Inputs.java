package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventCounts;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.input.KeptEventsTransform;
import dev.caravan.jobs.place.CityDictionary;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The inputs of the datamarts of one logical date: computed once, and kept for the next datamart if
 * several are requested. If a computation fails, the next datamart that needs it retries it. For
 * one thread.
 */
public final class Inputs {
  private final Lake lake;
  private final DateWindow window;
  private final Instant processedAt;
  private final Set<EventType> shared;
  private final Map<EventType, Dataset<Row>> kept = new EnumMap<>(EventType.class);
  private final List<Dataset<Row>> held = new ArrayList<>();
  private final List<Dataset<Row>> heldForAll = new ArrayList<>();
  private Optional<Dataset<Row>> timelines = Optional.empty();

  /**
   * Inputs of one window.
   *
   * @param shared the types that more than one datamart will read
   */
  public Inputs(Lake lake, DateWindow window, Instant processedAt, Set<EventType> shared) {
    this.lake = lake;
    this.window = window;
    this.processedAt = processedAt;
    this.shared =
        Collections.unmodifiableSet(
            shared.isEmpty() ? EnumSet.noneOf(EventType.class) : EnumSet.copyOf(shared));
  }

  /** The processing time that rows carry. */
  public Instant processedAt() {
    return processedAt;
  }

  /** The days that are read. */
  public DateWindow window() {
    return window;
  }

  /** Root of the event log. */
  public Path src() {
    return lake.src();
  }

  /** Which days of {@code type} exist. */
  public EventPartitions partitions(EventType type) throws IOException {
    return lake.partitions(type, window);
  }

  /** How many events of {@code type} there are, by a query of its own. */
  public EventCounts counted(EventType type) throws IOException {
    return lake.counted(type, window);
  }

  /** The city dictionary. */
  public CityDictionary cities() throws IOException {
    return lake.cities();
  }

  /** Kept events of {@code type}, located or not; subscriptions without coordinates. */
  public Dataset<Row> events(EventType type) throws IOException {
    return columns(type, kept(type)).drop("place");
  }

  /** One plan for all who use it, since Spark observes each name in one plan only. */
  private Dataset<Row> kept(EventType type) throws IOException {
    Dataset<Row> known = kept.get(type);
    if (known == null) {
      known = new KeptEventsTransform(type).apply(lake.events(type, window));
      if (type == EventType.SUBSCRIPTION && shared.contains(type) && !lake.isShared()) {
        // The most numerous events. Messages need no such copy: datamarts share the timelines.
        known = heldForAll(lake.placedByUser(known));
      }
      kept.put(type, known);
    }
    return known;
  }

  /** Located events of {@code type} with the place of each; subscriptions without coordinates. */
  public Dataset<Row> placed(EventType type) throws IOException {
    return columns(type, lake.placed(kept(type)));
  }

  /** The same columns, whether or not the events are kept for other datamarts. */
  private static Dataset<Row> columns(EventType type, Dataset<Row> events) {
    return type == EventType.SUBSCRIPTION ? events.drop("lat", "lon") : events;
  }

  /** Every user's located messages in order; see {@link TimelineTransform}. */
  public Dataset<Row> timelines() throws IOException {
    if (!timelines.isPresent()) {
      Dataset<Row> fresh = new TimelineTransform().apply(placed(EventType.MESSAGE));
      timelines = Optional.of(shared.contains(EventType.MESSAGE) ? heldForAll(fresh) : fresh);
    }
    return timelines.get();
  }

  /** Keeps {@code rows}, which a datamart reads more than once, until {@link #releaseHeld}. */
  public Dataset<Row> held(Dataset<Row> rows) {
    held.add(rows.persist(StorageLevel.MEMORY_AND_DISK()));
    return rows;
  }

  private Dataset<Row> heldForAll(Dataset<Row> rows) {
    heldForAll.add(rows.persist(StorageLevel.MEMORY_AND_DISK()));
    return rows;
  }

  /** Lets go of what one datamart held; what all share stays. */
  public void releaseHeld() {
    held.forEach(Dataset::unpersist);
    held.clear();
  }

  /** Lets go of everything. */
  public void release() {
    releaseHeld();
    heldForAll.forEach(Dataset::unpersist);
    heldForAll.clear();
  }
}
