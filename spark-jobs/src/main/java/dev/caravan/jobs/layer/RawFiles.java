package dev.caravan.jobs.layer;

import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.storage.DataFiles;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of raw events under a root. A folder {@code date=YYYY-MM-DD}, at any depth, holds that
 * day's events: those of other days than the window's are not even listed. Files outside such
 * folders are all taken, since only their records tell their days.
 */
final class RawFiles {
  private static final String DATE = "date=";

  private final List<FileStatus> dated = new ArrayList<>();
  private final List<FileStatus> undated = new ArrayList<>();
  private final Set<LocalDate> days = new TreeSet<>();

  private RawFiles() {}

  /** Lists the root, level by level. */
  static RawFiles under(Path root, FileSystem storage, DateWindow window) throws IOException {
    RawFiles files = new RawFiles();
    List<Folder> level = Collections.singletonList(new Folder(root, Optional.empty()));
    while (!level.isEmpty()) {
      List<List<FileStatus>> entries =
          StorageCalls.each(level, folder -> DataFiles.entries(storage, folder.path));
      List<Folder> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i++) {
        for (FileStatus entry : entries.get(i)) {
          if (entry.isFile()) {
            files.add(entry, level.get(i).day);
          } else {
            level.get(i).into(entry.getPath(), window).ifPresent(next::add);
          }
        }
      }
      level = next;
    }
    return files;
  }

  private void add(FileStatus file, Optional<LocalDate> day) {
    if (file.getLen() > 0) {
      day.ifPresent(days::add);
      (day.isPresent() ? dated : undated).add(file);
    }
  }

  /** Files whose folder tells the day, which is one of the window. */
  List<FileStatus> dated() {
    return dated;
  }

  /** Files whose records tell the day, which may be any. */
  List<FileStatus> undated() {
    return undated;
  }

  boolean isEmpty() {
    return dated.isEmpty() && undated.isEmpty();
  }

  /** Days with a folder that holds something; all files outside such folders count as one more. */
  int partitions() {
    return days.size() + (undated.isEmpty() ? 0 : 1);
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
    long bytes = 0;
    for (FileStatus file : dated) {
      bytes += file.getLen();
    }
    for (FileStatus file : undated) {
      bytes += file.getLen();
    }
    return bytes;
  }

  private static final class Folder {
    final Path path;
    final Optional<LocalDate> day;

    Folder(Path path, Optional<LocalDate> day) {
      this.path = path;
      this.day = day;
    }

    /** The folder in it, if it is to be listed. */
    Optional<Folder> into(Path child, DateWindow window) {
      Optional<LocalDate> own = day(child.getName());
      if (own.isPresent() && !window.days().contains(own.get())) {
        return Optional.empty();
      }
      return Optional.of(new Folder(child, own.isPresent() ? own : day));
    }

    private static Optional<LocalDate> day(String name) {
      try {
        return name.startsWith(DATE)
            ? Optional.of(LocalDate.parse(name.substring(DATE.length())))
            : Optional.empty();
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }
}
