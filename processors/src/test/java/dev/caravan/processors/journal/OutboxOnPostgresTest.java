package dev.caravan.processors.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OutboxOnPostgresTest extends OutboxContract {
  @TempDir private static Path directory;

  @BeforeAll
  static void open() throws Exception {
    open(TestDatabase.postgres(directory));
  }
}
