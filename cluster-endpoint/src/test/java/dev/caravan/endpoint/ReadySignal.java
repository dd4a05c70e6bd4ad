package dev.caravan.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** What the file in {@code endpoint.ready-file} says, as any external tool reads it. */
record ReadySignal(long pid, String host, int port) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static Optional<ReadySignal> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      return Optional.of(
          new ReadySignal(
              json.get("pid").asLong(), json.get("host").asText(), json.get("port").asInt()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The signal of a process, once it has given it. */
  static ReadySignal await(Process process, Path file) {
    return Awaitility.await("the endpoint to be ready, it logs to the directory of " + file)
        .atMost(PATIENCE)
        .failFast("the endpoint has ended", () -> !process.isAlive())
        .until(() -> read(file), Optional::isPresent)
        .orElseThrow();
  }
}
