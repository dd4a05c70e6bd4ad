package dev.caravan.processors.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file of an embedded database as it was before its schema was changed. H2 commits each change
 * of a schema at once, so that a process that dies in the middle would leave a schema that is
 * neither the old one nor the new one; the next process puts the file back and begins again.
 * PostgreSQL does this by itself.
 */
final class MigrationBackup {
  private static final String PREFIX = "jdbc:h2:file:";

  private final Path file;
  private final Path backup;

  private MigrationBackup(Path file) {
    this.file = file;
    this.backup = file.resolveSibling(file.getFileName() + ".before-migration");
  }

  /** Empty for a database that is no file of ours. */
  static Optional<MigrationBackup> of(JournalConfig config) {
    return config.url().startsWith(PREFIX)
        ? Optional.of(
            new MigrationBackup(
                Path.of(config.url().split(";", 2)[0].substring(PREFIX.length()) + ".mv.db")))
        : Optional.empty();
  }

  /** Whether there is no database yet. */
  boolean hasNoFile() {
    return !Files.exists(file) && !Files.exists(backup);
  }

  /** Puts the file back if a process died while it changed the schema. Before it is opened. */
  void restore() {
    try {
      if (Files.exists(backup)) {
        Files.move(
            backup, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(backup + " could not be put back", e);
    }
  }

  /** Keeps the file, which must be closed; there as a whole or not at all. */
  void keep() {
    Path copy = backup.resolveSibling(backup.getFileName() + ".new");
    try {
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(copy, backup, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be copied before its migration", e);
    }
  }

  /** Deletes a file that was begun where there was none, and could not be finished. */
  void dropUnusable() {
    delete(file);
  }

  /** The schema is changed, and on disk: the old file is not needed any more. */
  void drop() {
    delete(backup);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " could not be deleted", e);
    }
  }
}
