package dev.caravan.jobs.input;

import dev.caravan.jobs.storage.StorageCalls;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The event log's layout: {@code <root>/event_type=<label>/date=<day>/*.parquet}.
 *
 * <p>A look costs one listing of the type's days and, for each day of the window, one listing and
 * one footer; what was seen is kept, for windows that have days in common. The files of one day are
 * taken to have the columns of the first of them. For one thread.
 */
public final class EventLog {
  private final Path root;
  private final Configuration conf;
  private final Map<EventType, Set<String>> days = new EnumMap<>(EventType.class);
  private final Map<Path, Optional<EventPartition>> seen = new ConcurrentHashMap<>();

  public EventLog(Path root, Configuration conf) {
    this.root = root;
    this.conf = conf;
  }

  private Path folder(EventType type) {
    return new Path(root, "event_type=" + type.label());
  }

  /**
   * Finds what the window holds of {@code type}.
   *
   * @throws dev.caravan.jobs.exit.JobFailure when a day lacks a column
   */
  public EventPartitions partitions(EventType type, DateWindow window) throws IOException {
    Path folder = folder(type);
    FileSystem storage = folder.getFileSystem(conf);
    if (!days.containsKey(type)) {
      days.put(
          type,
          list(storage, folder).stream()
              .filter(FileStatus::isDirectory)
              .map(status -> status.getPath().getName())
              .collect(Collectors.toSet()));
    }
    List<LocalDate> candidates =
        window.days().stream()
            .filter(day -> days.get(type).contains("date=" + day))
            .collect(Collectors.toList());
    List<EventPartition> present = new ArrayList<>();
    List<LocalDate> missing = new ArrayList<>(window.days());
    for (Optional<EventPartition> found :
        StorageCalls.each(candidates, day -> look(storage, type, day))) {
      found.ifPresent(
          partition -> {
            present.add(partition);
            missing.remove(partition.day());
          });
    }
    return new EventPartitions(folder, present, missing);
  }

  private Optional<EventPartition> look(FileSystem storage, EventType type, LocalDate day)
      throws IOException {
    Path partition = new Path(folder(type), "date=" + day);
    Optional<EventPartition> known = seen.get(partition);
    if (known == null) {
      known = lookAfresh(storage, partition, type, day);
      seen.put(partition, known);
    }
    return known;
  }

  private Optional<EventPartition> lookAfresh(
      FileSystem storage, Path partition, EventType type, LocalDate day) throws IOException {
    List<FileStatus> files =
        list(storage, partition).stream().filter(EventLog::isParquet).collect(Collectors.toList());
    if (files.isEmpty()) {
      return Optional.empty();
    }
    ParquetColumns columns = ParquetColumns.of(files.get(0), conf);
    return Optional.of(
        new EventPartition(day, files, columns.cutTo(type.columns(), partition.toString())));
  }

  private static boolean isParquet(FileStatus status) {
    String name = status.getPath().getName();
    return status.isFile()
        && status.getLen() > 0
        && name.endsWith(".parquet")
        && !name.startsWith("_")
        && !name.startsWith(".");
  }

  private static List<FileStatus> list(FileSystem storage, Path folder) throws IOException {
    try {
      return Arrays.asList(storage.listStatus(folder));
    } catch (FileNotFoundException e) {
      return new ArrayList<>();
    }
  }
}
