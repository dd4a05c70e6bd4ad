package dev.caravan.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection with at most one request in progress. */
final class Connection implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer out = ByteBuffer.allocateDirect(8 * 1024);
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final ResponseFrame frame = new ResponseFrame();
  private long since;

  /**
   * Connects, and reports to the selector when something comes; the wire is the key's attachment.
   */
  Connection(InetSocketAddress address, Selector selector) throws IOException {
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /**
   * Sends a request.
   *
   * @param since the moment from which it is timed, by {@link System#nanoTime()}
   */
  void send(Call call, long since) throws IOException {
    this.since = since;
    frame.reset();
    out.clear().put(call.bytes()).flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** Takes what has come; true if that was the end of the answer. */
  boolean receive() throws IOException {
    int read = channel.read(in.clear());
    if (read < 0) {
      throw new EOFException("The server closed the connection.");
    }
    return frame.take(in.flip());
  }

  long since() {
    return since;
  }

  int status() {
    return frame.status();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
