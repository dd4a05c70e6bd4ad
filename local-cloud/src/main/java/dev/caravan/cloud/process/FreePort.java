package dev.caravan.cloud.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A loopback port that nobody listens on, for processes that must be told theirs. */
public final class FreePort {
  private static final int FIRST = 15_000;

  /** From here on Linux takes ports for connections (ip_local_port_range), between any two uses. */
  private static final int END = 32_768;

  private static final int MOST_TRIES = 200;

  private FreePort() {}

  /** A port that was free a moment ago, and that no connection will be given. */
  public static int find() {
    for (int i = 0; i < MOST_TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: another one.
      }
    }
    throw new IllegalStateException(
        "no free port on loopback from " + FIRST + " to " + (END - 1) + ": what listens there?");
  }
}
