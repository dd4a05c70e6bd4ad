package dev.caravan.shared.http;

import java.util.Locale;
import java.util.Set;

/**
 * The names that a server on loopback is called by. A page of another site can make a browser send
 * requests to loopback under a name of its own, to read the answers: it lets that name point there.
 *
 * @param host that the server listens on
 */
public record OwnNames(String host) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /**
   * Whether a request is for this server.
   *
   * @param asked the header {@code Host}, with a port or without
   */
  public boolean include(String asked) {
    String name = asked.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || name.equalsIgnoreCase(host);
  }
}
