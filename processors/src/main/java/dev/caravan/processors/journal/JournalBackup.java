package dev.caravan.processors.journal;

import dev.caravan.shared.FatalException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A journal as a file that any database of ours takes in again: it is read in one transaction,
 * while runs go on. Of an H2 file also the way to PostgreSQL.
 *
 * @param file gzip of lines of JSON; readable by its owner alone
 * @param schema the version of its tables
 * @param at when it was taken
 * @param rows the number of rows of each table
 */
public record JournalBackup(Path file, String schema, Instant at, Map<String, Long> rows) {

  public JournalBackup {
    rows = Map.copyOf(rows);
  }

  /** All rows. */
  public long count() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Writes a new file; it is there as a whole or not at all. */
  static JournalBackup take(Database database, Path file, Instant now) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Map<String, Long> rows;
      try (Connection connection = database.snapshot();
          OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
        rows = new BackupWriter(out).write(connection, database.schema(), now);
        connection.rollback();
      }
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return new JournalBackup(file, database.schema(), now, rows);
    } catch (IOException e) {
      throw new FatalException("The backup " + file + " can't be written: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw new FatalException("The journal can't be read for a backup: " + e.getMessage(), e);
    } finally {
      delete(unfinished);
    }
  }

  private static void delete(Path unfinished) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes a journal from a backup, where there is none yet. A backup of an earlier version is
   * brought up to date.
   *
   * @throws FatalException if the file is no whole backup, the place is not empty, or the database
   *     refuses; nothing is left then
   */
  public static JournalBackup restore(Path file, JournalConfig config) {
    return Database.restore(config, database -> read(file, database));
  }

  /**
   * Checks that a backup is whole, by making a journal in memory from it.
   *
   * @throws FatalException if it isn't
   */
  public static JournalBackup verify(Path file) {
    String name = "jdbc:h2:mem:verify-" + Long.toHexString(System.nanoTime());
    return Database.restore(JournalConfig.of(name), database -> read(file, database));
  }

  private static JournalBackup read(Path file, Database.Empty database) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      BackupReader reader = new BackupReader(lines);
      BackupReader.Header header = reader.header();
      try (Connection connection = database.withSchema(header.schema())) {
        connection.setAutoCommit(false);
        Map<String, Long> rows = reader.insertInto(connection);
        connection.commit();
        return new JournalBackup(file, header.schema(), header.at(), rows);
      }
    } catch (IOException e) {
      throw new FatalException("The backup " + file + " can't be read: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw new FatalException("The backup " + file + " can't be restored: " + e.getMessage(), e);
    }
  }
}
