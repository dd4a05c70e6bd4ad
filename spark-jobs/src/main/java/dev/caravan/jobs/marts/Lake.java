package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.col;

import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.CityReader;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventCounts;
import dev.caravan.jobs.input.EventLog;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventReader;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.place.NearestCityTransform;
import java.io.IOException;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Events and cities of all windows of one application. Everything is listed only once.
 *
 * <p>With several windows, each of which has most of its days in common with the next one, events
 * are also read, placed, and brought together by user once, for all windows, and kept in memory or
 * on disk. With one window they are read as its datamarts need them; see {@link Inputs}. For one
 * thread.
 */
public final class Lake {
  private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";

  /** Parquet on storage grows by about this factor as rows in memory. */
  private static final long UNPACKED = 4;

  /** Bytes of rows that one task should handle. */
  private static final long TASK_BYTES = 64L << 20;

  private final SparkSession spark;
  private final Path src;
  private final Path coords;
  private final List<DateWindow> windows;
  private final EventLog log;
  private final Map<EventType, Dataset<Row>> kept = new EnumMap<>(EventType.class);
  private final Map<EventType, Map<LocalDate, EventCounts>> counted =
      new EnumMap<>(EventType.class);
  private Optional<CityDictionary> cities = Optional.empty();
  private Optional<Ahead<CityDictionary>> citiesAhead = Optional.empty();

  /**
   * Reads nothing yet.
   *
   * @param windows all that will be asked for
   */
  public Lake(SparkSession spark, Path src, Path coords, List<DateWindow> windows) {
    this.spark = spark;
    this.src = src;
    this.coords = coords;
    this.windows = Collections.unmodifiableList(new ArrayList<>(windows));
    this.log = new EventLog(src, spark.sessionState().newHadoopConf());
  }

  /** Root of the event log. */
  public Path src() {
    return src;
  }

  /**
   * Which days of the window exist.
   *
   * @throws JobFailedException when one of them lacks a column
   */
  EventPartitions partitions(EventType type, DateWindow window) throws IOException {
    return log.partitions(type, window);
  }

  /** Begins to read the city dictionary, unless that was done. */
  synchronized void readCitiesAhead() {
    if (!cities.isPresent() && !citiesAhead.isPresent()) {
      citiesAhead =
          Optional.of(
              Ahead.compute(
                  () -> new CityReader(spark).read(coords), task -> new Thread(task).start()));
    }
  }

  /** The city dictionary. */
  synchronized CityDictionary cities() throws IOException {
    if (!cities.isPresent()) {
      cities = citiesAhead.flatMap(Ahead::get);
    }
    if (!cities.isPresent()) {
      cities = Optional.of(new CityReader(spark).read(coords));
    }
    return cities.get();
  }

  /** Typed events of the window, those that are to be dropped among them. */
  Dataset<Row> events(EventType type, DateWindow window) throws IOException {
    return isShared()
        ? kept(type)
            .filter(
                col(EventReader.DAY)
                    .between(Date.valueOf(window.first()), Date.valueOf(window.last())))
            .drop(EventReader.DAY)
        : new EventReader(spark).read(type, partitions(type, window));
  }

  /**
   * How many events of the window there are, by a query whose result, other than what Spark
   * observes on the way, doesn't change when a task is run again or reads no further than it needs.
   */
  EventCounts counted(EventType type, DateWindow window) throws IOException {
    Map<LocalDate, EventCounts> days = counted.get(type);
    if (days == null) {
      days =
          EventCounts.byDay(
              type,
              isShared()
                  ? kept(type)
                  : new EventReader(spark).readDated(type, partitions(type, window)));
      counted.put(type, days);
    }
    EventCounts all = EventCounts.none();
    for (LocalDate day : window.days()) {
      all = all.and(days.getOrDefault(day, EventCounts.none()));
    }
    return all;
  }

  /** Those of {@code events}, which come from here, that have a place, with it. */
  Dataset<Row> placed(Dataset<Row> events) throws IOException {
    return Arrays.asList(events.columns()).contains("place")
        ? events.filter(col("place").isNotNull())
        : new NearestCityTransform(cities()).apply(events);
  }

  /**
   * {@code events} of the window, which come from here, with their places instead of coordinates,
   * and those of a user in one partition and one after the other.
   */
  Dataset<Row> placedByUser(EventType type, DateWindow window, Dataset<Row> events)
      throws IOException {
    return isShared()
        ? events
        : byUser(
                new NearestCityTransform(cities()).orNull(events).drop("lat", "lon"),
                shufflePartitions(partitions(type, window).bytes()))
            .sortWithinPartitions("user_id");
  }

  /**
   * In how many partitions to exchange what comes of so many bytes of input, unless the submitter
   * has said that.
   */
  public int shufflePartitions(long bytes) {
    if (spark.sparkContext().getConf().contains(SHUFFLE_PARTITIONS)) {
      return spark.sessionState().conf().numShufflePartitions();
    }
    long byParallelism = 2L * spark.sparkContext().defaultParallelism();
    long byBytes = bytes * UNPACKED / TASK_BYTES;
    return (int) Math.max(byParallelism, byBytes);
  }

  /** Whether it keeps the events of all windows itself. */
  boolean isShared() {
    return windows.size() > 1;
  }

  private Dataset<Row> kept(EventType type) throws IOException {
    Dataset<Row> known = kept.get(type);
    if (known == null) {
      known = byUser(type, ofAllWindows(type)).persist(StorageLevel.MEMORY_AND_DISK());
      kept.put(type, known);
    }
    return known;
  }

  /**
   * In the order that every datamart needs, so that none has to exchange or sort rows again, or to
   * hash them where it looks for copies.
   */
  private Dataset<Row> byUser(EventType type, EventPartitions partitions) throws IOException {
    return byUser(
            new NearestCityTransform(cities())
                .orNull(new EventReader(spark).readDated(type, partitions)),
            spark.sessionState().conf().numShufflePartitions())
        .sortWithinPartitions(order(type));
  }

  private static Dataset<Row> byUser(Dataset<Row> events, int partitions) {
    return events.repartition(partitions, col("user_id"));
  }

  private static Column[] order(EventType type) {
    return (type == EventType.MESSAGE
            ? Stream.concat(Stream.of("user_id"), TimelineTransform.ORDER.stream())
            : Stream.of("user_id"))
        .map(functions::col)
        .toArray(Column[]::new);
  }

  /** Without the windows that can't be read: their datamarts report that. */
  private EventPartitions ofAllWindows(EventType type) throws IOException {
    Optional<EventPartitions> all = Optional.empty();
    Optional<JobFailedException> refused = Optional.empty();
    for (DateWindow window : windows) {
      try {
        EventPartitions some = partitions(type, window);
        all = Optional.of(all.map(others -> others.and(some)).orElse(some));
      } catch (JobFailedException failure) {
        refused = Optional.of(failure);
      }
    }
    if (!all.isPresent()) {
      throw refused.orElseThrow(IllegalStateException::new);
    }
    return all.get();
  }

  /** Lets go of what it keeps; nothing is read behind its back any more. */
  public void release() {
    citiesAhead.ifPresent(Ahead::get);
    kept.values().forEach(Dataset::unpersist);
    kept.clear();
  }
}
