package dev.caravan.jobs.input;

import dev.caravan.jobs.storage.StorageCalls;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event log's layout: {@code <root>/event_type=<label>/date=<day>/*.parquet}.
 *
 * <p>A look costs one listing of the type's days and, for each day of the window, one listing and
 * one request for each file's footer, several at a time; what was seen is kept, for windows that
 * have days in common.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Path root;
  private final Configuration conf;
  private final Map<EventType, Set<String>> days = new EnumMap<>(EventType.class);
  private final Map<Path, EventPartition> seen = new HashMap<>();

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
   * @throws dev.caravan.jobs.exit.JobFailedException when a file lacks a column
   */
  public synchronized EventPartitions partitions(EventType type, DateWindow window)
      throws IOException {
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
    look(storage, type, candidates);
    List<EventPartition> present = new ArrayList<>();
    List<LocalDate> missing = new ArrayList<>(window.days());
    for (LocalDate day : candidates) {
      EventPartition partition = seen.get(partition(type, day));
      if (!partition.files().isEmpty()) {
        present.add(partition);
        missing.remove(day);
      }
    }
    InputFiles.check(
        present.stream().flatMap(day -> day.files().stream()).collect(Collectors.toList()));
    return new EventPartitions(present, missing);
  }

  private Path partition(EventType type, LocalDate day) {
    return new Path(folder(type), "date=" + day);
  }

  /** At those that have not been seen: first at all days, then at all files. */
  private void look(FileSystem storage, EventType type, List<LocalDate> days) throws IOException {
    List<LocalDate> unseen =
        days.stream()
            .filter(day -> !seen.containsKey(partition(type, day)))
            .collect(Collectors.toList());
    List<List<FileStatus>> listed =
        StorageCalls.each(unseen, day -> files(storage, partition(type, day)));
    Iterator<InputFile> files =
        StorageCalls.each(
                listed.stream().flatMap(List::stream).collect(Collectors.toList()),
                file -> InputFile.of(file, type.columns(), conf))
            .iterator();
    for (int i = 0; i < unseen.size(); i++) {
      List<InputFile> ofDay = new ArrayList<>();
      for (int n = listed.get(i).size(); n > 0; n--) {
        ofDay.add(files.next());
      }
      seen.put(partition(type, unseen.get(i)), new EventPartition(unseen.get(i), ofDay));
    }
  }

  /** The files of a day, those in folders such as {@code hour=10} included. */
  private static List<FileStatus> files(FileSystem storage, Path folder) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (FileStatus entry : list(storage, folder)) {
      String name = entry.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }
      if (entry.isDirectory() && name.contains("=")) {
        files.addAll(files(storage, entry.getPath()));
      } else if (entry.isFile() && entry.getLen() > 0 && name.endsWith(".parquet")) {
        files.add(entry);
      } else {
        others.add(name);
      }
    }
    if (!others.isEmpty()) {
      LOG.warn(
          "{} contains files that are empty or not parquet; they are not read: {}", folder, others);
    }
    return files;
  }

  private static List<FileStatus> list(FileSystem storage, Path folder) throws IOException {
    try {
      return Arrays.asList(storage.listStatus(folder));
    } catch (FileNotFoundException e) {
      return new ArrayList<>();
    }
  }
}
