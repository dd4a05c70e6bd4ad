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
  private final SparkSession spark;
  private final Path src;
  private final Path coords;
  private final List<DateWindow> windows;
  private final EventLog log;
  private final Map<EventType, Dataset<Row>> kept = new EnumMap<>(EventType.class);
  private final Map<EventType, Map<LocalDate, EventCounts>> counted =
      new EnumMap<>(EventType.class);
  private Optional<CityDictionary> cities = Optional.empty();

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

  /** The city dictionary. */
  CityDictionary cities() throws IOException {
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
   * {@code events}, which come from here, in the form for being read more than once: with the place
   * instead of the coordinates, and those of one user in one partition, so that no datamart has to
   * exchange rows again.
   */
  Dataset<Row> placedByUser(Dataset<Row> events) throws IOException {
    return byUser(new NearestCityTransform(cities()).orNull(events).drop("lat", "lon"));
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
                .orNull(new EventReader(spark).readDated(type, partitions)))
        .sortWithinPartitions(order(type));
  }

  private Dataset<Row> byUser(Dataset<Row> events) {
    return events.repartition(spark.sessionState().conf().numShufflePartitions(), col("user_id"));
  }

  private static Column[] order(EventType type) {
    Stream<String> order;
    switch (type) {
      case MESSAGE:
        order = Stream.concat(Stream.of("user_id"), TimelineTransform.ORDER.stream());
        break;
      case REACTION:
        order = EventsTotalTransform.REACTION.stream();
        break;
      default:
        order = EventsTotalTransform.SUBSCRIPTION.stream();
    }
    return order.map(functions::col).toArray(Column[]::new);
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

  /** Lets go of what it keeps. */
  public void release() {
    kept.values().forEach(Dataset::unpersist);
    kept.clear();
  }
}
