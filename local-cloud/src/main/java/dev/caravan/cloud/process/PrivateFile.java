package dev.caravan.cloud.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Files with secrets in them: readable by their owner only, from the first byte on, and there as a
 * whole or not at all.
 */
public final class PrivateFile {

  private PrivateFile() {}

  /** Writes text, mode 600; an older file of that name is replaced. */
  public static Path write(Path file, String text) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    return Files.move(
        fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes one line per entry, in the map's order: name, separator, value. */
  public static Path write(Path file, Map<String, String> entries, String separator)
      throws IOException {
    return write(
        file,
        entries.entrySet().stream()
            .map(entry -> entry.getKey() + separator + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }
}
