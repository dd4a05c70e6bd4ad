package dev.caravan.endpoint.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The two fixed shell scripts, taken out of the jar to the data directory. Whatever varies is given
 * to them as arguments.
 *
 * @param runBatch runs one batch and writes its exit code down
 * @param signalGroup sends a signal to a process group
 */
public record Scripts(Path runBatch, Path signalGroup) {

  /**
   * Writes them anew; a shell that still runs an older copy keeps it, since the file is replaced
   * and not overwritten.
   */
  public static Scripts unpack(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Scripts(unpack(directory, "run-batch.sh"), unpack(directory, "signal-group.sh"));
  }

  private static Path unpack(Path directory, String name) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r-x------"));
    return Files.move(
        fresh,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
