package dev.caravan.cloud.postgres;

import dev.caravan.cloud.process.BuildOutput;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A PostgreSQL 16 server for Linux on x86_64 on a free loopback port, its data in a directory that
 * goes with it. The server refuses to run as root; there it runs in a user namespace of its own (by
 * {@code unshare}).
 */
public final class LocalPostgres implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;

  private LocalPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory where its data are kept, and its programs unless the build keeps them: they
   *     are unpacked once, by one process at a time, since that takes a quarter of a minute of a
   *     processor
   */
  public static LocalPostgres start(Path directory) throws IOException {
    return new LocalPostgres(
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(
                own(BuildOutput.directory().orElse(directory)).resolve("programs").toFile())
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(true)
            // A lost database is a lost test; nobody waits for its disk.
            .setServerConfig("fsync", "off")
            .setServerConfig("max_connections", "60")
            .setPGStartupWait(START_BOUND)
            // The standard one gives up where the class path names the same jar twice.
            .setPgBinaryResolver((system, hardware) -> programs())
            .start());
  }

  /** The library lets everybody write where the programs are; nobody else gets there. */
  private static Path own(Path parent) throws IOException {
    return Files.createDirectories(
        parent.resolve("postgres"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static InputStream programs() {
    return LocalPostgres.class.getResourceAsStream("/postgres-linux-x86_64.txz");
  }

  /** The JDBC address of a new, empty database of that name; it asks for no password. */
  public String newDatabase(String name) throws SQLException {
    execute("create database " + name);
    return address(name, port());
  }

  /**
   * The JDBC address of a database of this server.
   *
   * @param port where the server is reached, for instance a proxy's
   */
  public static String address(String name, int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /** Who may log in. */
  public String user() {
    return "postgres";
  }

  /** Runs a statement as the server's administrator. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
