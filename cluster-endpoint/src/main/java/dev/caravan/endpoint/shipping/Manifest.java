package dev.caravan.endpoint.shipping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.endpoint.batch.Batch;
import dev.caravan.shared.batches.ShippedNames;
import java.time.Instant;
import java.util.Map;

/**
 * The document {@code log.json} beside a batch's chunks: what the batch is, the head of its log,
 * and for each stream its bytes, its lines, and for each chunk the lines that end before it. With
 * it and one or two chunks a reader gives any page as the endpoint would.
 */
final class Manifest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifest() {}

  /**
   * @param complete whether nothing will follow
   */
  static byte[] of(Batch batch, int chunkBytes, Map<String, ChunkedFile> streams, boolean complete)
      throws JsonProcessingException {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", ShippedNames.VERSION).put("complete", complete);
    node.put("chunkBytes", chunkBytes);
    describe(batch, node.putObject("batch"));
    batch.log().head().forEach(node.putArray("head")::add);
    ObjectNode entries = node.putObject("streams");
    streams.forEach(
        (stream, file) -> {
          // The endpoint's own lines are whole whenever they are seen.
          boolean whole = complete || stream.equals("notes");
          ObjectNode entry = entries.putObject(stream);
          entry.put("bytes", file.bytes()).put("lines", file.lines(whole));
          file.linesBefore().forEach(entry.putArray("linesBefore")::add);
        });
    return JSON.writeValueAsBytes(node);
  }

  private static void describe(Batch batch, ObjectNode node) {
    node.put("id", batch.record().id());
    node.put("name", batch.record().name().orElse(null));
    node.put("owner", batch.record().owner());
    node.put("tag", batch.record().tag());
    node.put("state", batch.state().wire());
    node.put("appId", batch.applicationId().orElse(null));
    node.put("acceptedAt", batch.record().acceptedAt().toString());
    node.put("startedAt", batch.startedAt().map(Instant::toString).orElse(null));
    batch
        .outcome()
        .ifPresent(
            outcome -> {
              node.put("endedAt", outcome.endedAt().toString());
              node.put("reason", outcome.reason());
              outcome
                  .exitCode()
                  .ifPresentOrElse(
                      code -> node.put("exitCode", code), () -> node.putNull("exitCode"));
            });
    node.set("summary", batch.summary().orElseGet(JSON::nullNode));
  }
}
