package dev.caravan.processors.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MigrationOnH2Test extends MigrationContract {
  @TempDir private static Path directory;

  @BeforeAll
  static void open() {
    database = TestDatabase.h2(directory);
  }
}
