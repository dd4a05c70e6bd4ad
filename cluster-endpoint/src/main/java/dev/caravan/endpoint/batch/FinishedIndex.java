package dev.caravan.endpoint.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.shared.batches.BatchState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished batches in one file, a line each, so that a start needn't read the directories of
 * thousands. The directories are authoritative: a batch that has no line, or a broken one, is read
 * from its own, and a line without a directory is nothing. A later line of a batch replaces an
 * earlier one. When a line can't be written the whole file goes. Thread-safe.
 */
final class FinishedIndex {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedIndex.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LINES_TO_SPARE = 1000;

  private final Path file;

  FinishedIndex(Path file) {
    this.file = file;
  }

  /** What the file says, by id. */
  synchronized Map<Integer, FinishedBatch> read() {
    Map<Integer, FinishedBatch> found = new HashMap<>();
    int lines = 0;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines++;
        parse(line).ifPresent(finished -> found.put(finished.record().id(), finished));
      }
    } catch (NoSuchFileException e) {
      return found;
    } catch (IOException e) {
      LOG.warn("{} can't be read; the batches' directories are read instead.", file, e);
      drop();
      return new HashMap<>();
    }
    if (lines > 2 * found.size() + LINES_TO_SPARE) {
      rewrite(found.values());
    }
    return found;
  }

  /** Adds a batch, or replaces it. */
  synchronized void add(FinishedBatch finished) {
    append(finished, false);
  }

  /** The same, and on disk when it returns. */
  synchronized void addForGood(FinishedBatch finished) {
    append(finished, true);
  }

  private void append(FinishedBatch finished, boolean force) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      DurableFile.write(channel, line(finished).getBytes(UTF_8));
      if (force) {
        channel.force(false);
      }
    } catch (IOException e) {
      LOG.warn("{} can't be written, so the next start takes longer: {}", file, e.toString());
      drop();
    }
  }

  private void rewrite(Collection<FinishedBatch> all) {
    try {
      StringBuilder lines = new StringBuilder();
      for (FinishedBatch finished : all) {
        lines.append(line(finished));
      }
      DurableFile.replace(file, lines.toString().getBytes(UTF_8));
    } catch (IOException e) {
      LOG.warn("{} can't be rewritten: {}", file, e.toString());
    }
  }

  /** An old line must not outlive what it says. */
  private void drop() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.error("{} can't be deleted; delete it before the next start: {}", file, e.toString());
    }
  }

  /**
   * An array of values without names, times as seconds and nanoseconds: a start reads thousands of
   * these. It begins on a line of its own, whatever a crash has left of the one before.
   */
  private static String line(FinishedBatch finished) throws IOException {
    StringWriter line = new StringWriter();
    line.write('\n');
    try (JsonGenerator out = JSON.createGenerator(line)) {
      out.writeStartArray();
      write(out, finished.record());
      write(out, finished.outcome());
      out.writeString(finished.applicationId().orElse(null));
      write(out, finished.launch());
      out.writeBoolean(finished.deleted());
      out.writeEndArray();
    }
    line.write('\n');
    return line.toString();
  }

  private static void write(JsonGenerator out, BatchRecord record) throws IOException {
    out.writeNumber(record.id());
    out.writeString(record.tag());
    out.writeString(record.owner());
    out.writeString(record.name().orElse(null));
    out.writeString(record.proxyUser().orElse(null));
    out.writeString(record.key().orElse(null));
    out.writeString(record.bodyHash());
    write(out, Optional.of(record.acceptedAt()));
    out.writeString(record.logAddress().map(URI::toString).orElse(null));
  }

  private static void write(JsonGenerator out, Outcome outcome) throws IOException {
    out.writeString(outcome.state().name());
    if (outcome.exitCode().isPresent()) {
      out.writeNumber(outcome.exitCode().getAsInt());
    } else {
      out.writeNull();
    }
    out.writeString(outcome.reason());
    out.writeString(outcome.leftover().orElse(null));
    write(out, Optional.of(outcome.endedAt()));
  }

  private static void write(JsonGenerator out, Optional<Instant> time) throws IOException {
    if (time.isPresent()) {
      out.writeNumber(time.get().getEpochSecond());
      out.writeNumber(time.get().getNano());
    } else {
      out.writeNull();
    }
  }

  private static Optional<FinishedBatch> parse(String line) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    try (JsonParser in = JSON.createParser(line)) {
      require(in.nextToken() == JsonToken.START_ARRAY);
      FinishedBatch finished =
          new FinishedBatch(
              record(in), outcome(in), text(in), time(in), requireNonNull(in.nextBooleanValue()));
      require(in.nextToken() == JsonToken.END_ARRAY && in.nextToken() == null);
      return Optional.of(finished);
    } catch (IOException | RuntimeException e) {
      LOG.debug("A line of the index of finished batches is broken.", e);
      return Optional.empty();
    }
  }

  private static BatchRecord record(JsonParser in) throws IOException {
    int id = in.nextIntValue(0);
    require(id > 0);
    return new BatchRecord(
        id,
        requireNonNull(in.nextTextValue()),
        requireNonNull(in.nextTextValue()),
        text(in),
        text(in),
        text(in),
        requireNonNull(in.nextTextValue()),
        time(in).orElseThrow(),
        List.of(),
        text(in).map(URI::create));
  }

  private static Outcome outcome(JsonParser in) throws IOException {
    return new Outcome(
        BatchState.valueOf(in.nextTextValue()),
        in.nextToken() == JsonToken.VALUE_NULL
            ? OptionalInt.empty()
            : OptionalInt.of(in.getIntValue()),
        requireNonNull(in.nextTextValue()),
        text(in),
        time(in).orElseThrow());
  }

  private static Optional<String> text(JsonParser in) throws IOException {
    JsonToken next = in.nextToken();
    require(next == JsonToken.VALUE_STRING || next == JsonToken.VALUE_NULL);
    return next == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(in.getText());
  }

  private static Optional<Instant> time(JsonParser in) throws IOException {
    if (in.nextToken() == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    long seconds = in.getLongValue();
    require(in.nextToken() == JsonToken.VALUE_NUMBER_INT);
    return Optional.of(Instant.ofEpochSecond(seconds, in.getIntValue()));
  }

  private static void require(boolean whole) throws IOException {
    if (!whole) {
      throw new IOException("It is not what was written.");
    }
  }
}
