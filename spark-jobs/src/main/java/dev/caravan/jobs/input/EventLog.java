package dev.caravan.jobs.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The event log's layout: {@code <root>/event_type=<label>/date=<day>/*.parquet}.
 *
 * <p>A look costs one listing of the type's days and, for each day of the window, one listing and
 * one footer. The files of one day are taken to have the columns of the first of them.
 */
public final class EventLog {
  /** Listings and footers asked for at a time: each is a wait for the storage, not work. */
  private static final int LOOKS_AT_A_TIME = 16;

  private final Path root;
  private final Configuration conf;

  public EventLog(Path root, Configuration conf) {
    this.root = root;
    this.conf = conf;
  }

  /**
   * Finds what the window holds of {@code type}.
   *
   * @throws dev.caravan.jobs.exit.JobFailure when a day lacks a column
   */
  public EventPartitions partitions(EventType type, DateWindow window) throws IOException {
    Path folder = new Path(root, "event_type=" + type.label());
    FileSystem storage = folder.getFileSystem(conf);
    Set<String> known =
        list(storage, folder).stream()
            .filter(FileStatus::isDirectory)
            .map(status -> status.getPath().getName())
            .collect(Collectors.toSet());
    List<LocalDate> candidates =
        window.days().stream()
            .filter(day -> known.contains("date=" + day))
            .collect(Collectors.toList());
    List<EventPartition> present = new ArrayList<>();
    List<LocalDate> missing = new ArrayList<>(window.days());
    for (Optional<EventPartition> found : look(storage, folder, type, candidates)) {
      found.ifPresent(
          partition -> {
            present.add(partition);
            missing.remove(partition.day());
          });
    }
    return new EventPartitions(present, missing);
  }

  private List<Optional<EventPartition>> look(
      FileSystem storage, Path folder, EventType type, List<LocalDate> days) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(LOOKS_AT_A_TIME);
    try {
      List<Future<Optional<EventPartition>>> looks = new ArrayList<>();
      for (LocalDate day : days) {
        looks.add(threads.submit(() -> look(storage, new Path(folder, "date=" + day), type, day)));
      }
      List<Optional<EventPartition>> found = new ArrayList<>();
      for (Future<Optional<EventPartition>> look : looks) {
        found.add(look.get());
      }
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while listing " + folder, e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static IOException unwrapped(Throwable cause) {
    if (cause instanceof RuntimeException) {
      throw (RuntimeException) cause;
    }
    if (cause instanceof Error) {
      throw (Error) cause;
    }
    return cause instanceof IOException ? (IOException) cause : new IOException(cause);
  }

  private Optional<EventPartition> look(
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
