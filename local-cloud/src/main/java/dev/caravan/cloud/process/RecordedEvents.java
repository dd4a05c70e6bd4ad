package dev.caravan.cloud.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The events that orchestrators wrote to the file in {@code caravan.events.file}, read as JSON like
 * any external tool does.
 */
public final class RecordedEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  public RecordedEvents(Path file) {
    this.file = file;
  }

  /** A line of the file; docs/operations.md says what the words mean. */
  public record RecordedEvent(
      Instant at, long pid, String run, String kind, String subject, String detail) {

    /** Whether it is of this kind. */
    public boolean is(String kind) {
      return this.kind.equals(kind);
    }

    /** Whether it is of this kind and about this. */
    public boolean is(String kind, String subject) {
      return is(kind) && this.subject.equals(subject);
    }
  }

  /** All that is written whole, in the order of the writing. */
  public List<RecordedEvent> all() {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(RecordedEvents::told)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events of this process. */
  public List<RecordedEvent> of(ChildProcess process) {
    return all().stream().filter(told -> told.pid() == process.pid()).toList();
  }

  /**
   * Waits until the process has told it.
   *
   * @throws IllegalStateException if it ends before, or the bound passes
   */
  public void await(
      ChildProcess process, Duration bound, String what, Predicate<RecordedEvent> event)
      throws InterruptedException {
    process.await(
        what,
        bound,
        () -> of(process).stream().anyMatch(event) ? Optional.of(true) : Optional.empty());
  }

  private static RecordedEvent told(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return new RecordedEvent(
          Instant.parse(json.get("at").asText()),
          json.get("pid").asLong(),
          json.get("run").asText(),
          json.get("kind").asText(),
          json.get("subject").asText(),
          json.get("detail").asText());
    } catch (IOException e) {
      throw new UncheckedIOException("no event: " + line, e);
    }
  }
}
