package dev.caravan.endpoint;

import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The data directory: accessible only to its owner, and used by one endpoint at a time. */
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates it if necessary, and locks it until it is closed or the process ends.
   *
   * @throws SettingsException if another endpoint uses it, or it can't be made
   */
  static DataDirectory claim(Path path) {
    try {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new DataDirectory(path, channel);
      }
      channel.close();
      throw new SettingsException("endpoint.data-dir=" + path + " is in use by another endpoint.");
    } catch (IOException e) {
      throw new SettingsException("endpoint.data-dir=" + path + " can't be used: " + e + ".");
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
