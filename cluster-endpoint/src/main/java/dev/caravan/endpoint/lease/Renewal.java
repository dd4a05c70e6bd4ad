package dev.caravan.endpoint.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A renewal of the lease on the cluster.
 *
 * @param run who needs it, 1 to 160 of {@code A-Z a-z 0-9 . _ : / -}
 * @param ttl how long that holds, whole seconds from 1 to 86400
 * @param at when it was said, by the machine's clock
 */
public record Renewal(String run, Duration ttl, Instant at) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._:/-]{1,160}");
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException with a sentence if a value is out of bounds
   */
  public Renewal {
    if (!RUN.matcher(run).matches()) {
      throw new IllegalArgumentException(
          "'run' must be 1 to 160 characters of A-Z a-z 0-9 . _ : / -");
    }
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'ttlSeconds' must be a whole number from 1 to " + LONGEST.toSeconds());
    }
  }

  public Instant expiresAt() {
    return at.plus(ttl);
  }

  byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode();
    json.put("run", run);
    json.put("ttlSeconds", ttl.toSeconds());
    json.put("at", at.toString());
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for bytes that aren't one: a broken file is no lease. */
  static Optional<Renewal> fromBytes(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      return Optional.of(
          new Renewal(
              json.path("run").asText(),
              Duration.ofSeconds(json.path("ttlSeconds").asLong()),
              Instant.parse(json.path("at").asText())));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
