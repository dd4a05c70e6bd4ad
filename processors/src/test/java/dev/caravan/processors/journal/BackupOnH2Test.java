package dev.caravan.processors.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class BackupOnH2Test extends BackupContract {
  @TempDir private Path place;

  @BeforeEach
  void open() {
    database = TestDatabase.h2(place);
  }
}
