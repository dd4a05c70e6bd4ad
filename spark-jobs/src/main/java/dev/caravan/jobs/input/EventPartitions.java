package dev.caravan.jobs.input;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.StructType;

/** The days of one event type that exist in a window, and those that are missing. */
public final class EventPartitions {
  private final List<EventPartition> present;
  private final List<LocalDate> missing;

  EventPartitions(List<EventPartition> present, List<LocalDate> missing) {
    this.present = Collections.unmodifiableList(new ArrayList<>(present));
    this.missing = Collections.unmodifiableList(new ArrayList<>(missing));
  }

  /** The days of both, each once; of one type and log. */
  public EventPartitions and(EventPartitions more) {
    Map<LocalDate, EventPartition> days = new TreeMap<>();
    present.forEach(partition -> days.put(partition.day(), partition));
    more.present.forEach(partition -> days.put(partition.day(), partition));
    Set<LocalDate> lacking = new TreeSet<>(missing);
    lacking.addAll(more.missing);
    return new EventPartitions(new ArrayList<>(days.values()), new ArrayList<>(lacking));
  }

  /** Number of days that hold files. */
  public int read() {
    return present.size();
  }

  /** The days of the window that hold no file, the earliest first. */
  public List<LocalDate> missing() {
    return missing;
  }

  /** Size of all files in bytes. */
  public long bytes() {
    return files().mapToLong(file -> file.status().getLen()).sum();
  }

  /** Number of rows in all files, by their footers. */
  public long rows() {
    return files().mapToLong(InputFile::rows).sum();
  }

  private Stream<InputFile> files() {
    return present.stream().flatMap(partition -> partition.files().stream());
  }

  /**
   * The files of each day by the columns they are read with; those written by one program share one
   * entry.
   */
  Map<StructType, Map<LocalDate, List<FileStatus>>> filesByColumns() {
    Map<StructType, Map<LocalDate, List<FileStatus>>> files = new LinkedHashMap<>();
    for (EventPartition partition : present) {
      for (InputFile file : partition.files()) {
        files
            .computeIfAbsent(file.columns(), columns -> new LinkedHashMap<>())
            .computeIfAbsent(partition.day(), day -> new ArrayList<>())
            .add(file.status());
      }
    }
    return files;
  }
}
