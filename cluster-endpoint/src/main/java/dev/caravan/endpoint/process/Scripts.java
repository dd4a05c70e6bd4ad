package dev.caravan.endpoint.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * The two fixed shell scripts, taken out of the jar to the data directory. Whatever varies is given
 * to them as arguments.
 *
 * @param runBatch runs one batch and writes its exit code down
 * @param signalGroup sends a signal to a process group
 */
public record Scripts(Path runBatch, Path signalGroup) {

  /**
   * Writes them if they aren't there as they are in the jar; a shell that still runs an older copy
   * keeps it, since the file is replaced and not overwritten.
   */
  public static Scripts unpack(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Scripts(unpack(directory, "run-batch.sh"), unpack(directory, "signal-group.sh"));
  }

  private static Path unpack(Path directory, String name) throws IOException {
    Path script = directory.resolve(name);
    byte[] text;
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      text = in.readAllBytes();
    }
    if (Files.exists(script) && Arrays.equals(Files.readAllBytes(script), text)) {
      return script; // the disk may be full
    }
    Path fresh = directory.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Files.write(fresh, text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r-x------"));
    return Files.move(
        fresh, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
