package dev.caravan.processors.journal;

import java.nio.file.Path;
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
  void die() {
    CLOCK.pass(Duration.ofHours(5));
  }
}
