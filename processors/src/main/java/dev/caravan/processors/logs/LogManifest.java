package dev.caravan.processors.logs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.ShippedNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The document {@code log.json} that the endpoint writes beside a log's chunks, each time after
 * them.
 *
 * @param batchId the endpoint's number of the batch
 * @param complete whether the batch has ended and nothing will follow
 * @param state as it was when this was written
 * @param head the endpoint's own lines, which stand first
 * @param summary what the job said of itself, as JSON
 */
public record LogManifest(
    int batchId,
    boolean complete,
    String state,
    OptionalInt exitCode,
    Optional<String> reason,
    Optional<String> applicationId,
    List<String> head,
    Stream stdout,
    Stream stderr,
    Stream notes,
    Optional<String> summary) {
  private static final int LARGEST_CHUNK = 64 * 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  public LogManifest {
    head = List.copyOf(head);
  }

  /**
   * One of the three files that make up a log.
   *
   * @param chunkBytes length of each chunk but the last
   * @param bytes of all chunks
   * @param lines that may be shown
   * @param linesBefore for each chunk, the lines that end before it; a line may span chunks
   */
  record Stream(String name, int chunkBytes, long bytes, long lines, List<Long> linesBefore) {
    Stream {
      linesBefore = List.copyOf(linesBefore);
    }
  }

  /**
   * @throws FatalException if it is something else
   */
  static LogManifest parse(S3Location address, byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      int chunkBytes = root.path("chunkBytes").asInt();
      if (root.path("version").asInt() != ShippedNames.VERSION
          || chunkBytes < 1
          || chunkBytes > LARGEST_CHUNK) {
        throw new IOException("not of version " + ShippedNames.VERSION);
      }
      JsonNode batch = root.path("batch");
      List<String> head = new ArrayList<>();
      root.path("head").forEach(line -> head.add(line.asText()));
      JsonNode streams = root.path("streams");
      return new LogManifest(
          batch.path("id").asInt(),
          root.path("complete").asBoolean(),
          batch.path("state").asText(),
          batch.path("exitCode").isInt()
              ? OptionalInt.of(batch.path("exitCode").asInt())
              : OptionalInt.empty(),
          Optional.ofNullable(batch.path("reason").textValue()),
          Optional.ofNullable(batch.path("appId").textValue()),
          head,
          stream("stdout", chunkBytes, streams),
          stream("stderr", chunkBytes, streams),
          stream("notes", chunkBytes, streams),
          batch.path("summary").isObject()
              ? Optional.of(batch.path("summary").toString())
              : Optional.empty());
    } catch (JacksonException e) {
      throw refusal(address, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw refusal(address, e.getMessage(), e);
    }
  }

  private static FatalException refusal(S3Location address, String why, IOException cause) {
    return new FatalException(
        address + ShippedNames.MANIFEST + " is not the manifest of a batch's log: " + why + ".",
        cause);
  }

  private static Stream stream(String name, int chunkBytes, JsonNode streams) throws IOException {
    JsonNode node = streams.path(name);
    List<Long> linesBefore = new ArrayList<>();
    node.path("linesBefore").forEach(lines -> linesBefore.add(lines.asLong()));
    long bytes = node.path("bytes").asLong(-1);
    if (bytes < 0 || linesBefore.size() != (bytes + chunkBytes - 1) / chunkBytes) {
      throw new IOException("its chunks of " + name + " don't fit its bytes");
    }
    return new Stream(name, chunkBytes, bytes, node.path("lines").asLong(), linesBefore);
  }
}
