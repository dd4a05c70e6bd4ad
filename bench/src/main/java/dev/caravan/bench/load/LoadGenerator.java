package dev.caravan.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Drives one server on loopback from one thread, so that it takes as little as possible of the
 * processors that the server needs. Every call opens its own connections and closes them.
 */
public final class LoadGenerator {
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final long NAP = Duration.ofNanos(100_000).toNanos();

  private final InetSocketAddress address;
  private final int wanted;

  /**
   * A driver.
   *
   * @param wanted the status that a good answer has
   */
  public LoadGenerator(int port, int wanted) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.wanted = wanted;
  }

  /**
   * Each connection sends its next request when it has got an answer, until the time is over or
   * this many were answered.
   */
  public Load closedLoop(int connections, Supplier<Call> calls, Duration atMost, long count)
      throws IOException {
    Histogram latencies = Load.histogram();
    long failures = 0;
    try (Wires wires = new Wires(connections)) {
      long start = System.nanoTime();
      long end = start + atMost.toNanos();
      long last = start;
      for (Connection wire : wires.all) {
        wire.send(calls.get(), System.nanoTime());
      }
      while (last < end && latencies.getTotalCount() < count) {
        for (Connection wire : wires.answered(SILENCE.toMillis())) {
          last = System.nanoTime();
          Load.record(latencies, last - wire.since());
          failures += wire.status() == wanted ? 0 : 1;
          wire.send(calls.get(), System.nanoTime());
        }
      }
      return new Load(latencies, Duration.ofNanos(last - start), failures);
    }
  }

  /**
   * Sends at a fixed rate whether the server keeps up or not. A request is timed from the moment at
   * which it was due, so that one that waited for a connection counts its wait (no coordinated
   * omission).
   */
  public Load openLoop(int connections, Supplier<Call> calls, int perSecond, Duration time)
      throws IOException {
    Histogram latencies = Load.histogram();
    long failures = 0;
    try (Wires wires = new Wires(connections)) {
      Queue<Connection> free = new ArrayDeque<>(wires.all);
      long count = perSecond * time.toMillis() / 1000;
      long interval = 1_000_000_000L / perSecond;
      long start = System.nanoTime();
      long lastAnswer = start;
      long sent = 0;
      while (latencies.getTotalCount() < count) {
        long now = System.nanoTime();
        while (sent < count && !free.isEmpty() && start + sent * interval <= now) {
          free.remove().send(calls.get(), start + sent * interval);
          sent++;
        }
        for (Connection wire : wires.answered(0)) {
          lastAnswer = System.nanoTime();
          Load.record(latencies, lastAnswer - wire.since());
          failures += wire.status() == wanted ? 0 : 1;
          free.add(wire);
        }
        if (System.nanoTime() - lastAnswer > SILENCE.toNanos()) {
          throw silence();
        }
        LockSupport.parkNanos(NAP);
      }
      return new Load(latencies, Duration.ofNanos(System.nanoTime() - start), failures);
    }
  }

  private SocketTimeoutException silence() {
    return new SocketTimeoutException(address + " has not answered for " + SILENCE + ".");
  }

  /** Connections and the selector that watches them. */
  private final class Wires implements AutoCloseable {
    final List<Connection> all = new ArrayList<>();
    private final List<Connection> answered = new ArrayList<>();
    private final Selector selector = Selector.open();

    Wires(int connections) throws IOException {
      try {
        for (int i = 0; i < connections; i++) {
          all.add(new Connection(address, selector));
        }
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    /**
     * Those whose answer is complete; waits this many milliseconds for something to come, or not at
     * all.
     */
    List<Connection> answered(long millis) throws IOException {
      answered.clear();
      int ready = millis == 0 ? selector.selectNow() : selector.select(millis);
      if (ready == 0 && millis > 0) {
        throw silence();
      }
      for (SelectionKey key : selector.selectedKeys()) {
        Connection wire = (Connection) key.attachment();
        if (wire.receive()) {
          answered.add(wire);
        }
      }
      selector.selectedKeys().clear();
      return answered;
    }

    @Override
    public void close() throws IOException {
      for (Connection wire : all) {
        wire.close();
      }
      selector.close();
    }
  }
}
