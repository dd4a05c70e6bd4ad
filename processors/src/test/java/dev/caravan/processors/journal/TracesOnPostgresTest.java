package dev.caravan.processors.journal;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("slow")
@ExtendWith(SharedPostgres.class)
class TracesOnPostgresTest extends TraceContract {
  @BeforeAll
  static void open() throws Exception {
    open(TestDatabase.postgres());
  }
}
