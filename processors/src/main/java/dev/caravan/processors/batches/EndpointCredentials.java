package dev.caravan.processors.batches;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.PropertiesFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How Caravan proves to the endpoint who it is. Never printed: {@code toString} names the kind. */
public final class EndpointCredentials {
  private final String kind;
  private final Optional<String> authorization;

  private EndpointCredentials(String kind, Optional<String> authorization) {
    this.kind = kind;
    this.authorization = authorization;
  }

  /** For an endpoint that listens on loopback only. */
  public static EndpointCredentials none() {
    return new EndpointCredentials("none", Optional.empty());
  }

  public static EndpointCredentials bearer(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "A bearer token is one word of ASCII characters without spaces.");
    }
    return new EndpointCredentials("bearer", Optional.of("Bearer " + token));
  }

  public static EndpointCredentials basic(String user, String password) {
    if (user.isEmpty() || user.contains(":")) {
      throw new IllegalArgumentException("A user name must not be empty or contain a colon.");
    }
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new EndpointCredentials(
        "basic", Optional.of("Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  /**
   * Reads a properties file: {@code bearer=TOKEN}, or {@code user=} and {@code password=}.
   *
   * @throws FatalException if it can't be read or holds neither or both
   */
  public static EndpointCredentials read(Path file) {
    Map<String, String> properties = PropertiesFile.read(file);
    Set<String> names = properties.keySet();
    try {
      if (names.equals(Set.of("bearer"))) {
        return bearer(properties.get("bearer").strip());
      }
      if (names.equals(Set.of("user", "password"))) {
        return basic(properties.get("user").strip(), properties.get("password"));
      }
    } catch (IllegalArgumentException e) {
      throw new FatalException(file + " holds bad endpoint credentials: " + e.getMessage());
    }
    throw new FatalException(
        file + " must hold either bearer=TOKEN or user= and password=, and nothing else.");
  }

  /** The value of the Authorization header. */
  Optional<String> authorization() {
    return authorization;
  }

  @Override
  public String toString() {
    return "EndpointCredentials[" + kind + "]";
  }
}
