package dev.caravan.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory of routes, which is looked at for changes. For one thread. */
final class RoutesDirectory {
  private final Path directory;
  private Map<Path, String> seen;

  RoutesDirectory(Path directory) {
    this.directory = directory;
    this.seen = look();
  }

  /** Whether a file was added, removed or written since this was asked last. */
  boolean hasChanged() {
    Map<Path, String> now = look();
    boolean changed = !now.equals(seen);
    seen = now;
    return changed;
  }

  private Map<Path, String> look() {
    Map<Path, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
        // A file may be written twice within one tick of the clock, or be replaced by another.
        found.put(file, of.lastModifiedTime() + " " + of.size() + " " + of.fileKey());
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      // An editor is replacing a file just now: it is looked at again.
      return seen == null ? Map.of() : seen;
    }
  }
}
