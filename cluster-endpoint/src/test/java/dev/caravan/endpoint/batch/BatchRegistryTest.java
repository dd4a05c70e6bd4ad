package dev.caravan.endpoint.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.BatchState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after a crash of the machine, which loses whatever was not synced. */
class BatchRegistryTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

  @TempDir Path directory;

  private BatchRegistry open() throws Exception {
    return BatchRegistry.open(
        directory,
        new Disk(directory, 0),
        1000,
        1 << 20,
        tag -> Optional.empty(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Batch accept(BatchRegistry registry, String key, String argument) {
    return registry
        .accept(
            new Submission(
                "ann",
                Optional.of("name-" + key),
                Optional.empty(),
                Optional.of(key),
                "hash-" + key,
                List.of(),
                tag -> List.of("/bin/submit", tag, argument)))
        .batch();
  }

  private static void lose(Batch batch) throws Exception {
    batch.directory().delete();
  }

  @Test
  void anAcceptedBatchIsThereAlthoughItsDirectoryWasLost() throws Exception {
    BatchRegistry crashed = open();
    Batch whole = accept(crashed, "one", "");
    Batch lost = accept(crashed, "two", "");
    Batch torn = accept(crashed, "three", "");
    lose(lost);
    Files.write(torn.directory().path().resolve("request.json"), new byte[0]);

    try (BatchRegistry registry = open()) {
      assertThat(registry.all())
          .extracting(Batch::record)
          .containsExactly(whole.record(), lost.record(), torn.record());
      assertThat(accept(registry, "two", "").record()).isEqualTo(lost.record());
      assertThat(accept(registry, "four", "").record().id()).isEqualTo(4);
    }
    crashed.close();
  }

  @Test
  void nothingIsLostWhenTheWriteAheadLogIsFull() throws Exception {
    BatchRegistry crashed = open();
    String long_ = "x".repeat(50_000);
    for (int i = 0; i < 12; i++) {
      accept(crashed, "long-" + i, long_);
    }
    Batch tooLong = accept(crashed, "too-long", "x".repeat(500_000));
    Batch last = accept(crashed, "last", "");
    lose(last);

    try (BatchRegistry registry = open()) {
      assertThat(registry.all()).hasSize(14);
      assertThat(registry.find("name-too-long")).map(Batch::record).contains(tooLong.record());
      assertThat(registry.find("name-last")).map(Batch::record).contains(last.record());
    }
    crashed.close();
  }

  /** The machine's clock was set ahead by a day while it ran, and set right since. */
  @Test
  void howLongABatchIsKeptDoesNotDependOnDates() throws Exception {
    try (BatchRegistry registry = open()) {
      Batch batch = accept(registry, "one", "");
      Instant said = NOW.plusSeconds(86_400);
      batch.ended(Outcome.withoutProcess(BatchState.KILLED, "it was deleted", said), NOW);

      registry.forget(NOW);
      assertThat(registry.all()).hasSize(1);
      registry.forget(NOW.plusSeconds(1));
      assertThat(registry.all()).isEmpty();
    }
  }

  @Test
  void aForgottenBatchDoesNotComeBack() throws Exception {
    BatchRegistry crashed = open();
    Batch batch = accept(crashed, "one", "");
    Outcome outcome = Outcome.withoutProcess(BatchState.KILLED, "it was deleted", NOW);
    batch.directory().write(outcome, Optional.empty());
    batch.ended(outcome, NOW);
    crashed.forget(NOW.plusSeconds(1));

    try (BatchRegistry registry = open()) {
      assertThat(registry.all()).isEmpty();
      assertThat(accept(registry, "two", "").record().id()).isEqualTo(2);
    }
    crashed.close();
  }
}
