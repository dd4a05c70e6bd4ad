package dev.caravan.endpoint.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished batches in one file, a line each, so that a start needn't read the directories of
 * thousands. The directories remain the truth: a batch that has no line, or a broken one, is read
 * from its own, and a line without a directory is nothing. A later line of a batch replaces an
 * earlier one. When a line can't be written the whole file goes. Thread-safe.
 */
final class FinishedIndex {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedIndex.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LINES_TO_SPARE = 1000;

  private final Path file;

  FinishedIndex(Path file) {
    this.file = file;
  }

  /** What the file says, by id. */
  synchronized Map<Integer, Finished> read() {
    Map<Integer, Finished> found = new HashMap<>();
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
      LOG.warn("{} can't be read; the batches' directories are.", file, e);
      drop();
      return new HashMap<>();
    }
    if (lines > 2 * found.size() + LINES_TO_SPARE) {
      rewrite(found.values());
    }
    return found;
  }

  /** Adds a batch, or replaces it. */
  synchronized void add(Finished finished) {
    append(finished, false);
  }

  /** The same, and on disk when it returns. */
  synchronized void addForGood(Finished finished) {
    append(finished, true);
  }

  private void append(Finished finished, boolean force) {
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

  private void rewrite(Collection<Finished> all) {
    try {
      StringBuilder lines = new StringBuilder();
      for (Finished finished : all) {
        lines.append(line(finished));
      }
      DurableFile.replace(file, lines.toString().getBytes(UTF_8));
    } catch (IOException e) {
      LOG.warn("{} can't be written anew: {}", file, e.toString());
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

  /** It begins on a line of its own, whatever a crash has left of the one before. */
  private static String line(Finished finished) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.set("record", BatchDirectory.node(finished.record()));
    node.set("outcome", BatchDirectory.node(finished.outcome(), finished.applicationId()));
    finished.launch().ifPresent(at -> node.put("launch", at.toString()));
    node.put("deleted", finished.deleted());
    return "\n" + JSON.writeValueAsString(node) + "\n";
  }

  private static Optional<Finished> parse(String line) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line);
      JsonNode outcome = node.path("outcome");
      return Optional.of(
          new Finished(
              BatchDirectory.record(node.path("record")),
              BatchDirectory.outcome(outcome),
              Optional.ofNullable(outcome.path("appId").textValue()),
              Optional.ofNullable(node.path("launch").textValue()).map(Instant::parse),
              node.path("deleted").booleanValue()));
    } catch (IOException | RuntimeException e) {
      LOG.debug("A line of the index of finished batches is broken.", e);
      return Optional.empty();
    }
  }
}
