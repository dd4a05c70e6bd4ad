package dev.caravan.endpoint.batch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The summary that a job leaves in the file which the environment variable {@code CARAVAN_SUMMARY}
 * names: one JSON object of at most {@link #MAX_BYTES}. Jobs may not follow these rules.
 */
final class BatchSummary {
  /** In bytes; it is answered with each look at the batch. */
  static final int MAX_BYTES = 64 * 1024;

  private static final ObjectReader READER =
      new ObjectMapper()
          .readerFor(JsonNode.class)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private BatchSummary() {}

  /**
   * What a job left.
   *
   * @throws IOException with one sentence, if that is not a summary
   */
  static JsonNode read(Path left) throws IOException {
    // Reading anything else might block, or read another file than the job's.
    if (!Files.isRegularFile(left, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a plain file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(left, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is longer than " + MAX_BYTES + " bytes");
    }
    return parse(bytes);
  }

  static JsonNode parse(byte[] bytes) throws IOException {
    JsonNode node;
    try {
      node = READER.readTree(bytes);
    } catch (JacksonException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new IOException("it is not a JSON object");
    }
    return node;
  }
}
