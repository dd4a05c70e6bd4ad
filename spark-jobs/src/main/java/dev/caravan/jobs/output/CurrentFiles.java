package dev.caravan.jobs.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The names of a partition's files, in one hidden file beside them: {@code {"version": 1, "files":
 * {name: bytes, ...}}}.
 */
final class CurrentFiles {
  private static final String NAME = "_current.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private CurrentFiles() {}

  /** Replaces the names by these in one go, as far as the storage can; returns the file. */
  static Path write(FileSystem storage, Path partition, Map<Path, Long> sizes) throws IOException {
    Map<String, Long> files = new LinkedHashMap<>();
    sizes.forEach((path, bytes) -> files.put(path.getName(), bytes));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", 1);
    document.put("files", files);
    Path file = new Path(partition, NAME);
    try (OutputStream out = storage.create(file, true)) {
      out.write(JSON.writeValueAsBytes(document));
    }
    return file;
  }
}
