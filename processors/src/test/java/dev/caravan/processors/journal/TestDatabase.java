package dev.caravan.processors.journal;

import dev.caravan.cloud.postgres.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;

/** Where a journal is kept in a test. */
abstract class TestDatabase {

  /** How to open a journal there, always the same one. */
  abstract JournalConfig config();

  /** For statements beside the journal. */
  abstract Connection connect() throws SQLException;

  /** What lets a constraint hold for new rows only. */
  abstract String unchecked();

  /** A database of its own that the code of an earlier schema version has left behind. */
  abstract JournalConfig ofVersion(int version) throws Exception;

  /** Where there is no journal yet; another place with each call. */
  abstract JournalConfig empty() throws Exception;

  /** As if a later version of the program had changed the schema. */
  void addMigration(JournalConfig config, String version) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                config.url(), config.login().map(JournalConfig.Login::user).orElse(""), "");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into \"flyway_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\", \"script\","
              + " \"installed_by\", \"execution_time\", \"success\") values (99, '"
              + version
              + "', 'later', 'SQL', 'V"
              + version
              + "__later.sql', 'test', 1, true)");
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static InputStream kept(int version, String file) {
    return TestDatabase.class.getResourceAsStream("/journal-v" + version + "/" + file);
  }

  /** A file in the directory. */
  static TestDatabase h2(Path directory) {
    return new TestDatabase() {
      private String url(String name) {
        return "jdbc:h2:file:" + directory.resolve(name);
      }

      @Override
      JournalConfig config() {
        return JournalConfig.of(url("journal"));
      }

      @Override
      Connection connect() throws SQLException {
        return DriverManager.getConnection(url("journal"));
      }

      @Override
      String unchecked() {
        return "nocheck";
      }

      @Override
      JournalConfig empty() {
        return JournalConfig.of(url("empty-" + System.nanoTime()));
      }

      @Override
      JournalConfig ofVersion(int version) throws IOException {
        try (InputStream file = kept(version, "journal.mv.db")) {
          Files.copy(file, directory.resolve("v" + version + ".mv.db"));
        }
        return JournalConfig.of(url("v" + version));
      }
    };
  }

  /** A database of its own on the server that this JVM's tests share. */
  static TestDatabase postgres() throws Exception {
    LocalPostgres server = SharedPostgres.server();
    String journal = SharedPostgres.newDatabase();
    return new TestDatabase() {
      private JournalConfig config(String url) {
        return new JournalConfig(
            url,
            Optional.of(new JournalConfig.Login(server.user(), "ignored")),
            Duration.ofSeconds(60));
      }

      @Override
      JournalConfig config() {
        return config(journal);
      }

      @Override
      Connection connect() throws SQLException {
        return DriverManager.getConnection(journal, server.user(), "");
      }

      @Override
      String unchecked() {
        return "not valid";
      }

      @Override
      JournalConfig empty() throws Exception {
        return config(SharedPostgres.newDatabase());
      }

      @Override
      JournalConfig ofVersion(int version) throws Exception {
        String url = SharedPostgres.newDatabase();
        Flyway.configure()
            .dataSource(url, server.user(), "")
            .locations("classpath:dev/caravan/processors/journal")
            .target(String.valueOf(version))
            .load()
            .migrate();
        try (InputStream rows = kept(version, "data.sql");
            Connection connection = DriverManager.getConnection(url, server.user(), "");
            Statement statement = connection.createStatement()) {
          statement.execute(new String(rows.readAllBytes(), StandardCharsets.UTF_8));
        }
        return config(url);
      }
    };
  }
}
