package dev.caravan.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a folder that readers see. */
public final class DataFiles {
  private DataFiles() {}

  /** The files directly in {@code folder}; none if there is no such folder. */
  public static List<FileStatus> in(FileSystem storage, Path folder) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus entry : entries(storage, folder)) {
      if (entry.isFile()) {
        files.add(entry);
      }
    }
    return files;
  }

  /** Files and folders directly in {@code folder}, without the hidden ones. */
  public static List<FileStatus> entries(FileSystem storage, Path folder) throws IOException {
    List<FileStatus> entries = new ArrayList<>();
    try {
      for (FileStatus entry : storage.listStatus(folder)) {
        String name = entry.getPath().getName();
        if (!name.startsWith("_") && !name.startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (FileNotFoundException e) {
      return entries;
    }
    return entries;
  }
}
