package dev.caravan.processors.journal;

import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.Directories;
import dev.caravan.processors.SharedInJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The PostgreSQL server of all test classes of this JVM. It is started for the first of them, which
 * takes seconds, and ends after the last.
 */
final class SharedPostgres implements BeforeAllCallback {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static volatile Running running;

  private record Running(LocalPostgres server, Path directory) implements AutoCloseable {
    static Running start() {
      try {
        Path directory = Files.createTempDirectory("caravan-postgres-");
        return new Running(LocalPostgres.start(directory), directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      Directories.delete(directory);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running = SharedInJvm.get(context, Running.class, Running::start);
  }

  static LocalPostgres server() {
    return running.server();
  }

  /** The JDBC address of a new, empty database. */
  static String newDatabase() throws SQLException {
    return server().newDatabase("journal_" + DATABASES.incrementAndGet());
  }
}
