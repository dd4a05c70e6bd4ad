package dev.caravan.processors.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class TracesOnH2Test extends TraceContract {
  @TempDir private static Path directory;

  @BeforeAll
  static void open() {
    open(TestDatabase.h2(directory));
  }
}
