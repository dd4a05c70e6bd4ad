package dev.caravan.endpoint.log;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a batch's log.
 *
 * @param directory has them under the names of their streams
 */
public record BatchFiles(Path directory) {
  /** What the batch prints. */
  public Path stdout() {
    return directory.resolve("stdout");
  }

  /** What it complains of. */
  public Path stderr() {
    return directory.resolve("stderr");
  }

  /** What the endpoint itself has to say about it. */
  public Path notes() {
    return directory.resolve("notes");
  }

  Map<String, Path> byStream() {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("stdout", stdout());
    files.put("stderr", stderr());
    files.put("notes", notes());
    return files;
  }
}
