package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.CityReader;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventLog;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventReader;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.place.NearestCityTransform;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * What the datamarts of one application read: looked for once, read once, and kept for the next
 * datamart where several are asked for. Something that fails is tried again by the next datamart
 * that needs it. For one thread.
 */
public final class Inputs {
  private final SparkSession spark;
  private final DateWindow window;
  private final EventLog log;
  private final Path coords;
  private final Instant processedAt;
  private final boolean shared;
  private final Map<EventType, EventPartitions> partitions = new EnumMap<>(EventType.class);
  private final Map<EventType, Dataset<Row>> events = new EnumMap<>(EventType.class);
  private final List<Dataset<Row>> held = new ArrayList<>();
  private Optional<CityDictionary> cities = Optional.empty();
  private Optional<Dataset<Row>> timelines = Optional.empty();

  /**
   * Inputs of one window.
   *
   * @param shared whether more than one datamart will read them
   */
  public Inputs(
      SparkSession spark,
      DateWindow window,
      Path src,
      Path coords,
      Instant processedAt,
      boolean shared) {
    this.spark = spark;
    this.window = window;
    this.log = new EventLog(src, spark.sessionState().newHadoopConf());
    this.coords = coords;
    this.processedAt = processedAt;
    this.shared = shared;
  }

  /** The processing time that rows carry. */
  public Instant processedAt() {
    return processedAt;
  }

  /** Which days of {@code type} exist. */
  public EventPartitions partitions(EventType type) throws IOException {
    EventPartitions known = partitions.get(type);
    if (known == null) {
      known = log.partitions(type, window);
      partitions.put(type, known);
    }
    return known;
  }

  /** The city dictionary. */
  public CityDictionary cities() throws IOException {
    if (!cities.isPresent()) {
      cities = Optional.of(new CityReader(spark).read(coords));
    }
    return cities.get();
  }

  /** Kept events of {@code type}, located or not. */
  public Dataset<Row> events(EventType type) throws IOException {
    Dataset<Row> known = events.get(type);
    if (known == null) {
      known = new EventReader(spark).read(type, partitions(type));
      events.put(type, known);
    }
    return known;
  }

  /** Located events of {@code type} with the place of each. */
  public Dataset<Row> placed(EventType type) throws IOException {
    return new NearestCityTransform(cities()).apply(events(type));
  }

  /** Every user's located messages in order; see {@link TimelineTransform}. */
  public Dataset<Row> timelines() throws IOException {
    if (!timelines.isPresent()) {
      Dataset<Row> fresh = new TimelineTransform().apply(placed(EventType.MESSAGE));
      timelines = Optional.of(shared ? fresh.persist(StorageLevel.MEMORY_AND_DISK()) : fresh);
    }
    return timelines.get();
  }

  /** Keeps {@code rows}, which a datamart reads more than once, until {@link #releaseHeld}. */
  public Dataset<Row> held(Dataset<Row> rows) {
    held.add(rows.persist(StorageLevel.MEMORY_AND_DISK()));
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
    timelines.ifPresent(Dataset::unpersist);
  }
}
