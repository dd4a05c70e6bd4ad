package dev.caravan.processors.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class JournalOnH2Test extends JournalContract {
  @TempDir private static Path directory;

  @BeforeAll
  static void open() {
    journal = Journal.open(JournalConfig.of("jdbc:h2:file:" + directory.resolve("journal")), CLOCK);
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("journal"));
  }

  @Override
  String unchecked() {
    return "nocheck";
  }

  @Override
  void die() {
    CLOCK.pass(Duration.ofHours(5));
  }
}
