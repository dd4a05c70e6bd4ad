package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.MessageCounter.Message;
import dev.caravan.cloud.chaos.Strike.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP proxy between two parts that can inject the failures of a network. Until then it passes
 * everything unchanged. It lets a {@link MessageCounter} count the messages that it passes.
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

  /** An answer has passed when the server has been silent for this long. */
  private static final Duration QUIET = Duration.ofMillis(10);

  /** Without the query, which may be long. */
  private static final Pattern HTTP =
      Pattern.compile("([A-Z]+ [^ ?\\r\\n]*)[^\\r\\n]* HTTP/1.1\r\n");

  private static final int LONGEST_REQUEST_LINE = 2048;

  private final Line line;
  private final MessageCounter counter;
  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<Fault> fault = Optional.empty();
  private volatile boolean closed;

  /** A connection of a client's: who is speaking on it. */
  private static final class Conversation {
    /** The message whose answer is still to come. */
    private Optional<Message> unanswered = Optional.empty();

    synchronized boolean isAnswered() {
      return unanswered.isEmpty();
    }

    synchronized void asks(Message message) {
      unanswered = Optional.of(message);
    }

    /** The message that the server begins to answer; empty if it goes on with its answer. */
    synchronized Optional<Message> answers() {
      Optional<Message> message = unanswered;
      unanswered = Optional.empty();
      return message;
    }
  }

  FaultyProxy(Line line, MessageCounter counter, String host, int port) {
    this.line = line;
    this.counter = counter;
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
    Conversation conversation = new Conversation();
    daemon(() -> pump(client, behind, (bytes, length) -> ask(conversation, bytes, length)));
    daemon(() -> pump(behind, client, (bytes, length) -> answer(conversation, behind, client)));
  }

  /** What is done before bytes pass; returns what is done after they did. */
  private interface Gate {
    Passed come(byte[] bytes, int length) throws IOException, InterruptedException;
  }

  /** What is done after bytes have passed. */
  private interface Passed {
    void then() throws IOException, InterruptedException;
  }

  private void pump(Socket from, Socket to, Gate gate) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        Passed passed = gate.come(buffer, read);
        hold();
        out.write(buffer, 0, read);
        passed.then();
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

  private Passed ask(Conversation conversation, byte[] bytes, int length) throws IOException {
    if (conversation.isAnswered()) {
      Optional<Message> message = counter.arrived(line, requestLine(bytes, length));
      if (message.isPresent()) {
        conversation.asks(message.get());
        strike(message.get(), Place.BEFORE);
      }
    }
    return () -> {};
  }

  private Passed answer(Conversation conversation, Socket from, Socket to) throws IOException {
    Optional<Message> begun = conversation.answers();
    if (begun.isEmpty()) {
      return () -> {};
    }
    strike(begun.get(), Place.BEFORE_ANSWER);
    return () -> {
      if (counter.isAt(begun.get(), Place.AFTER_ANSWER)) {
        passRest(from, to);
        strike(begun.get(), Place.AFTER_ANSWER);
      }
    };
  }

  private void strike(Message message, Place place) throws IOException {
    if (!counter.pass(message, place)) {
      throw new IOException("lost with the process that was killed");
    }
  }

  private static void passRest(Socket from, Socket to) throws IOException, InterruptedException {
    byte[] buffer = new byte[16 * 1024];
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < QUIET.toNanos()) {
      if (from.getInputStream().available() > 0) {
        to.getOutputStream().write(buffer, 0, from.getInputStream().read(buffer));
        quietSince = System.nanoTime();
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Method and path if it is HTTP/1.1; TLS begins with a byte that is no letter. */
  private static String requestLine(byte[] bytes, int length) {
    Matcher http =
        HTTP.matcher(
            new String(
                bytes, 0, Math.min(length, LONGEST_REQUEST_LINE), StandardCharsets.ISO_8859_1));
    return http.lookingAt() ? http.group(1) : "";
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
