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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;

/** The days of one event type that exist in a window, and those that are missing. */
public final class EventPartitions {
  private final Path folder;
  private final List<EventPartition> present;
  private final List<LocalDate> missing;

  EventPartitions(Path folder, List<EventPartition> present, List<LocalDate> missing) {
    this.folder = folder;
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
    return new EventPartitions(folder, new ArrayList<>(days.values()), new ArrayList<>(lacking));
  }

  /** What the days' folders lie in. */
  Path folder() {
    return folder;
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
    return present.stream()
        .flatMap(partition -> partition.files().stream())
        .mapToLong(FileStatus::getLen)
        .sum();
  }

  /**
   * Paths of the files by the columns they are read with; days written by one program share one
   * entry.
   */
  Map<StructType, List<String>> pathsByColumns() {
    Map<StructType, List<String>> paths = new LinkedHashMap<>();
    for (EventPartition partition : present) {
      List<String> alike = paths.computeIfAbsent(partition.columns(), columns -> new ArrayList<>());
      partition.files().forEach(file -> alike.add(file.getPath().toString()));
    }
    return paths;
  }
}
