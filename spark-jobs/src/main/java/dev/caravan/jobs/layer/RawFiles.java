package dev.caravan.jobs.layer;

import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.storage.DataFiles;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of raw events under a root. A folder {@code date=YYYY-MM-DD}, the root's own path
 * included, holds that day's events: those of other days than the window's are not even listed.
 * Files outside such folders are all taken, since only their records tell their days.
 */
final class RawFiles {
  private static final String DATE = "date=";

  /** What Hadoop's own copying calls a file that is not there yet. */
  private static final String UNFINISHED = "._COPYING_";

  private final List<FileStatus> files = new ArrayList<>();
  private final Set<LocalDate> days = new TreeSet<>();
  private boolean undated;

  private RawFiles() {}

  /** Lists the root, level by level. */
  static RawFiles under(Path root, FileSystem storage, DateWindow window) throws IOException {
    RawFiles found = new RawFiles();
    List<Path> level = new ArrayList<>();
    level.add(root);
    while (!level.isEmpty()) {
      level.removeIf(folder -> day(folder).filter(day -> !window.days().contains(day)).isPresent());
      List<Path> next = new ArrayList<>();
      for (List<FileStatus> entries :
          StorageCalls.each(level, folder -> DataFiles.entries(storage, folder))) {
        for (FileStatus entry : entries) {
          if (entry.isDirectory()) {
            next.add(entry.getPath());
          } else if (entry.getLen() > 0 && !entry.getPath().getName().endsWith(UNFINISHED)) {
            found.add(entry);
          }
        }
      }
      level = next;
    }
    return found;
  }

  private void add(FileStatus file) {
    files.add(file);
    Optional<LocalDate> day = day(file.getPath().getParent());
    day.ifPresent(days::add);
    undated |= !day.isPresent();
  }

  /** The day that the innermost such folder on the way tells. */
  private static Optional<LocalDate> day(Path folder) {
    for (Path step = folder; step != null; step = step.getParent()) {
      if (step.getName().startsWith(DATE)) {
        try {
          return Optional.of(LocalDate.parse(step.getName().substring(DATE.length())));
        } catch (DateTimeException e) {
          continue;
        }
      }
    }
    return Optional.empty();
  }

  List<FileStatus> files() {
    return files;
  }

  /** Days with a folder that holds something; all files outside such folders count as one more. */
  int partitions() {
    return days.size() + (undated ? 1 : 0);
  }

  /** The days of the window that have no such folder, if there are such folders at all. */
  List<LocalDate> missing(DateWindow window) {
    List<LocalDate> missing = new ArrayList<>();
    if (!days.isEmpty()) {
      missing.addAll(window.days());
      missing.removeAll(days);
    }
    return missing;
  }

  /** Size of all files. */
  long bytes() {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }
}
