package dev.caravan.processors.batches;

import dev.caravan.processors.FatalException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
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
          "A bearer token is one word of ASCII characters without blanks.");
    }
    return new EndpointCredentials("bearer", Optional.of("Bearer " + token));
  }

  public static EndpointCredentials basic(String user, String password) {
    if (user.isEmpty() || user.contains(":")) {
      throw new IllegalArgumentException("A user's name is not empty and holds no colon.");
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
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new FatalException(
          "The endpoint's credentials can't be read from " + file + " (" + kindOf(e) + ").");
    }
    Set<String> names = properties.stringPropertyNames();
    try {
      if (names.equals(Set.of("bearer"))) {
        return bearer(properties.getProperty("bearer").strip());
      }
      if (names.equals(Set.of("user", "password"))) {
        return basic(properties.getProperty("user").strip(), properties.getProperty("password"));
      }
    } catch (IllegalArgumentException e) {
      throw new FatalException(file + " holds bad endpoint credentials: " + e.getMessage());
    }
    throw new FatalException(
        file + " must hold either bearer=TOKEN or user= and password=, and nothing else.");
  }

  /** The class alone: a parser's message might quote the secret. */
  private static String kindOf(Exception e) {
    return e.getClass().getSimpleName();
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
