package dev.caravan.routes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a server that can be cut and mended, as networks are. */
final class Relay implements AutoCloseable {
  private final URI server;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean cut;
  private volatile boolean refuses;
  private volatile boolean once;

  Relay(URI server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** Ends all connections; new ones are taken and nothing is heard on them. */
  void cut() throws IOException {
    cut = true;
    for (Socket each : open) {
      each.close();
    }
  }

  /** Ends all connections, new ones too, as if nobody listened. */
  void refuse() throws IOException {
    refuses = true;
    for (Socket each : open) {
      each.close();
    }
  }

  /** Ends all connections, and refuses the next. */
  void refuseOnce() {
    once = true;
    try {
      refuse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many connections were refused. */
  int refused() {
    return refused.get();
  }

  void mend() throws IOException {
    cut = false;
    refuses = false;
    for (Socket each : open) {
      each.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        if (refuses) {
          refuses = !once;
          refused.incrementAndGet();
          client.close();
          continue;
        }
        open.add(client);
        if (!cut) {
          Socket behind = new Socket(server.getHost(), server.getPort());
          open.add(behind);
          daemon(() -> pump(client, behind));
          daemon(() -> pump(behind, client));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut, or ended by one side.
    } finally {
      open.remove(from);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
