package dev.caravan.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.shared.FatalException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of this process as lines of JSON, for tools; docs/operations.md has the format. Each
 * line is one write to the end of the file, so that several processes can share it. A file that
 * can't be written is said once and fails no run. For use by many threads.
 */
final class EventFile implements Consumer<RunEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);

  /** What a process tells of itself, beside the events of its runs. */
  enum ProcessEvent {
    /** Its settings are read and its journal is open. */
    PROCESS_STARTED,
    /** Its routes are there. */
    PROCESS_READY,
    /** A shutdown took the routes away from a run that did not come to its end in time. */
    SHUTDOWN_FORCED,
    PROCESS_STOPPED
  }

  private final ObjectMapper json = new ObjectMapper();
  private final long pid = ProcessHandle.current().pid();
  private final Optional<OutputStream> file;
  private final Clock clock;
  private boolean failed;

  private EventFile(Optional<OutputStream> file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * @param path is appended to; empty: nothing is written anywhere
   * @throws FatalException if the file can't be opened
   */
  static EventFile open(Optional<Path> path, Clock clock) {
    return new EventFile(path.map(EventFile::append), clock);
  }

  private static OutputStream append(Path path) {
    try {
      return new FileOutputStream(path.toFile(), true);
    } catch (IOException e) {
      throw new FatalException(
          "The events can't be written to " + path + " (caravan.events.file): " + e.getMessage(),
          e);
    }
  }

  @Override
  public void accept(RunEvent event) {
    write(event.at(), event.runId(), event.kind(), event.subject(), event.detail());
  }

  void tell(ProcessEvent event) {
    write(clock.instant(), "", event, "", "");
  }

  private void write(Instant at, String run, Enum<?> kind, String subject, String detail) {
    if (file.isEmpty()) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", at.toString());
    line.put("pid", pid);
    line.put("run", run);
    line.put("kind", kind.name());
    line.put("subject", subject);
    line.put("detail", detail);
    try {
      write(json.writeValueAsString(line) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event can't be written as JSON", e);
    }
  }

  private synchronized void write(String line) {
    if (failed) {
      return;
    }
    try {
      file.orElseThrow().write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      failed = true;
      LOG.error("Events are not written any more (caravan.events.file): {}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    failed = true;
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException e) {
      LOG.warn("The file of events could not be closed: {}", e.getMessage());
    }
  }
}
