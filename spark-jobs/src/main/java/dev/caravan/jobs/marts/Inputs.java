package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.col;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.storage.StorageLevel;
import scala.collection.JavaConverters;

/**
 * The inputs of the datamarts of one logical date: computed once, and kept for the next datamart if
 * several are requested. If a computation fails, the next datamart that needs it retries it. For
 * one thread, beside which some is read ahead.
 */
public final class Inputs {
  private final Lake lake;
  private final DateWindow window;
  private final Instant processedAt;
  private final Set<EventType> shared;
  private final Executor ahead;
  private final Map<EventType, Dataset<Row>> kept = new EnumMap<>(EventType.class);
  private final Map<EventType, Dataset<Row>> distinct = new EnumMap<>(EventType.class);
  private final Map<EventType, QueryExecution> queries = new ConcurrentHashMap<>();
  private final List<Dataset<Row>> held = new ArrayList<>();
  private final List<Dataset<Row>> heldForAll = new ArrayList<>();
  private Optional<Dataset<Row>> timelines = Optional.empty();
  private Optional<Ahead<Dataset<Row>>> subscriptions = Optional.empty();

  /**
   * Inputs of one window.
   *
   * @param shared the types that more than one datamart will read
   */
  public Inputs(Lake lake, DateWindow window, Instant processedAt, Set<EventType> shared) {
    this(lake, window, processedAt, shared, task -> new Thread(task, "read-ahead").start());
  }

  /**
   * The same.
   *
   * @param ahead runs what reads ahead
   */
  public Inputs(
      Lake lake, DateWindow window, Instant processedAt, Set<EventType> shared, Executor ahead) {
    this.lake = lake;
    this.ahead = ahead;
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

  /** Kept events of {@code type}, located or not. */
  public Dataset<Row> events(EventType type) throws IOException {
    return kept(type).drop("place");
  }

  /** One plan for all who use it, since Spark observes each name in one plan only. */
  private Dataset<Row> kept(EventType type) throws IOException {
    Dataset<Row> known = kept.get(type);
    if (known == null) {
      known = new KeptEventsTransform(type).apply(lake.events(type, window));
      kept.put(type, known);
    }
    return known;
  }

  /** Numbers of located events of {@code type}; see {@link DistinctEventsTransform}. */
  public Dataset<Row> numbers(EventType type) throws IOException {
    return distinct(type)
        .filter(col(DistinctEventsTransform.PLACE).isNotNull())
        .select(
            DistinctEventsTransform.PLACE,
            DistinctEventsTransform.DAY,
            DistinctEventsTransform.EVENTS);
  }

  /** {@code user_id, channels} of every subscriber, located or not. */
  public Dataset<Row> subscribers() throws IOException {
    return distinct(EventType.SUBSCRIPTION)
        .filter(col(DistinctEventsTransform.USER).isNotNull())
        .select(col(DistinctEventsTransform.USER), col(DistinctEventsTransform.IDS).as("channels"));
  }

  /** What Spark observed of {@code type} outside the datamart's own query. */
  public Optional<Row> observed(EventType type) {
    return Optional.ofNullable(queries.get(type))
        .map(query -> JavaConverters.mapAsJavaMap(query.observedMetrics()).get(type.label()));
  }

  /**
   * Pairs {@code user_id, to_user_id} of kept messages from one user to another, located or not.
   * Those are read once more, for the ids alone: to carry them through the timelines would cost
   * more.
   */
  public Dataset<Row> directMessages() throws IOException {
    EventType type = EventType.MESSAGE;
    return KeptEventsTransform.uncounted(type, lake.events(type, window))
        .filter(col("to_user_id").isNotNull())
        .select("user_id", "to_user_id");
  }

  private Dataset<Row> distinct(EventType type) throws IOException {
    Dataset<Row> known = distinct.get(type);
    if (known == null) {
      Optional<Dataset<Row>> read =
          type == EventType.SUBSCRIPTION ? subscriptions.flatMap(Ahead::get) : Optional.empty();
      known = read.isPresent() ? read.get() : fresh(type);
      distinct.put(type, known);
    }
    return known;
  }

  private Dataset<Row> fresh(EventType type) throws IOException {
    Dataset<Row> events = new KeptEventsTransform(type).apply(lake.events(type, window));
    boolean subscriptions = type == EventType.SUBSCRIPTION;
    DistinctEventsTransform transform =
        new DistinctEventsTransform(subscriptions ? "channel_id" : "message_id", subscriptions);
    QueryExecution query = transform.plan(lake.placedByUser(type, window, events));
    queries.put(type, query);
    Dataset<Row> fresh = transform.apply(events.sparkSession(), query);
    return isCopied(type) ? fresh.persist(StorageLevel.MEMORY_AND_DISK()) : fresh;
  }

  /** Whether datamarts share what becomes of the events; of messages they share the timelines. */
  private boolean isCopied(EventType type) {
    return type == EventType.SUBSCRIPTION && shared.contains(type);
  }

  /**
   * Begins to read the events that the next datamarts share, wherever this one, which is about to
   * be computed, leaves processors idle.
   */
  public void readAhead() {
    EventType type = EventType.SUBSCRIPTION;
    if (isCopied(type)
        && !lake.isShared()
        && !distinct.containsKey(type)
        && !subscriptions.isPresent()) {
      subscriptions = Optional.of(Ahead.compute(() -> loaded(fresh(type)), ahead));
    }
  }

  /** Without a query of its own, which would have to be compiled. */
  private static Dataset<Row> loaded(Dataset<Row> persisted) {
    try {
      ((InMemoryRelation) persisted.queryExecution().withCachedData())
          .cacheBuilder()
          .cachedColumnBuffers()
          .count();
      return persisted;
    } catch (RuntimeException e) {
      persisted.unpersist();
      throw e;
    }
  }

  /** In how many partitions to exchange what comes of so many bytes of input. */
  public int shufflePartitions(long bytes) {
    return lake.shufflePartitions(bytes);
  }

  /** Begins to read the city dictionary. */
  public void readCitiesAhead() {
    lake.readCitiesAhead();
  }

  /** Every user's located messages in order; see {@link TimelineTransform}. */
  public Dataset<Row> timelines() throws IOException {
    if (!timelines.isPresent()) {
      Dataset<Row> fresh = new TimelineTransform().apply(lake.placed(kept(EventType.MESSAGE)));
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
    subscriptions.flatMap(Ahead::get).ifPresent(Dataset::unpersist);
    distinct.values().forEach(Dataset::unpersist);
  }
}
