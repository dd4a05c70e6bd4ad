package dev.caravan.endpoint.stages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.batches.SparkStage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the stages out of an event log, whose lines are JSON, one for each event. Of all others
 * only the beginning is looked at. What is read and kept is bounded. For one thread.
 */
final class EventLogReader {
  /** As many stages are kept. */
  static final int MOST_STAGES = 200;

  /** In bytes; a log of more is read up to there. */
  static final long MOST_BYTES = 256L * 1024 * 1024;

  /** In bytes; a stage that takes more, for its plan is huge, is left out. */
  static final int LONGEST_LINE = 1024 * 1024;

  private static final int LONGEST_TEXT = 300;
  private static final byte[] MARK =
      "{\"Event\":\"SparkListenerStageCompleted\"".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<SparkStage> stages = new ArrayList<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long left = MOST_BYTES;
  private boolean complete = true;

  /** Reads another file of the same log. */
  void read(Path file) throws IOException {
    try (InputStream in =
        new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 64 * 1024)) {
      int length = 0;
      boolean wanted = true;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (--left < 0) {
          complete = false;
          return;
        }
        if (next == '\n') {
          end(wanted && length >= MARK.length);
          length = 0;
          wanted = true;
        } else {
          wanted = wanted && (length >= MARK.length || next == MARK[length]);
          if (wanted && length < LONGEST_LINE) {
            line.write(next);
          }
          length++;
        }
      }
      // A line without its end is one that was being written when the application died.
      line.reset();
    }
  }

  private void end(boolean wanted) throws IOException {
    if (wanted) {
      if (stages.size() >= MOST_STAGES || line.size() >= LONGEST_LINE) {
        complete = false;
      } else {
        add();
      }
    }
    line.reset();
  }

  private void add() throws IOException {
    try {
      JsonNode info = JSON.readTree(line.toByteArray()).path("Stage Info");
      stages.add(
          new SparkStage(
              info.path("Stage ID").asInt(),
              info.path("Stage Attempt ID").asInt(),
              cut(info.path("Stage Name").asText()),
              time(info.path("Submission Time")),
              time(info.path("Completion Time")),
              info.path("Number of Tasks").asInt(),
              Optional.ofNullable(info.path("Failure Reason").textValue())
                  .map(EventLogReader::cut)));
    } catch (JsonProcessingException e) {
      complete = false;
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** In milliseconds of the epoch. */
  private static Optional<Instant> time(JsonNode millis) {
    return millis.isIntegralNumber()
        ? Optional.of(Instant.ofEpochMilli(millis.longValue()))
        : Optional.empty();
  }

  /** In the order in which they ended. */
  List<SparkStage> stages() {
    return List.copyOf(stages);
  }

  /** Whether none was left out. */
  boolean isComplete() {
    return complete;
  }
}
