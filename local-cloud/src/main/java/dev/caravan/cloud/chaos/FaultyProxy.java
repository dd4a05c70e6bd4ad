package dev.caravan.cloud.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy between two parts that can inject the failures of a network. Until then it passes
 * everything unchanged.
 */
final class FaultyProxy implements AutoCloseable {

  /** How a line fails. */
  enum Fault {
    /** Connections are closed, new ones too. */
    DROP,
    /** Connections are reset, new ones too. */
    RESET,
    /** New connections are accepted but get no response; existing ones are closed. */
    HALF_OPEN,
    /** No data passes on any connection, and none is closed. */
    FREEZE,
    /** Everything takes a while. */
    DELAY
  }

  private static final Duration DELAY = Duration.ofMillis(400);
  private static final int CONNECT_MILLIS = 2000;

  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<Fault> fault = Optional.empty();
  private volatile boolean closed;

  FaultyProxy(String host, int port) {
    try {
      server = new InetSocketAddress(host, port);
      listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no port for a proxy", e);
    }
    daemon(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void fail(Fault with) {
    fault = Optional.of(with);
    if (with == Fault.DROP || with == Fault.HALF_OPEN || with == Fault.RESET) {
      open.forEach(socket -> end(socket, with == Fault.RESET));
    }
  }

  /** Frozen connections continue; half-open ones are closed, so that the client notices. */
  void mend() {
    boolean swallowed = fault.filter(Fault.HALF_OPEN::equals).isPresent();
    fault = Optional.empty();
    if (swallowed) {
      open.forEach(socket -> end(socket, false));
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        daemon(() -> connect(client));
      }
    } catch (IOException e) {
      closed = true;
    }
  }

  private void connect(Socket client) {
    Fault now = fault.orElse(null);
    if (now == Fault.DROP || now == Fault.RESET) {
      end(client, now == Fault.RESET);
      return;
    }
    if (now == Fault.HALF_OPEN) {
      return;
    }
    Socket behind = new Socket();
    open.add(behind);
    try {
      behind.connect(server, CONNECT_MILLIS);
    } catch (IOException e) {
      end(client, true);
      end(behind, false);
      return;
    }
    daemon(() -> pump(client, behind));
    daemon(() -> pump(behind, client));
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        hold();
        out.write(buffer, 0, read);
        read = in.read(buffer);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      end(from, false);
      end(to, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hold() throws InterruptedException {
    if (fault.filter(Fault.DELAY::equals).isPresent()) {
      TimeUnit.MILLISECONDS.sleep(DELAY.toMillis());
    }
    while (fault.filter(Fault.FREEZE::equals).isPresent() && !closed) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void end(Socket socket, boolean reset) {
    open.remove(socket);
    try (socket) {
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a proxy could not be closed", e);
    }
    open.forEach(socket -> end(socket, false));
  }
}
