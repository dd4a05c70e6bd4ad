package dev.caravan.endpoint.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit file; at 16 MiB it is renamed to {@code .1} and a new file begins. A full disk is
 * logged and does not affect requests. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_BYTES = 16 * 1024 * 1024;
  private static final int MAX_TEXT = 300;

  private final Path file;
  private final Clock clock;
  private final ObjectMapper json = new ObjectMapper();
  private FileChannel channel;

  /** Opens, or goes on with, the file. */
  public AuditLog(Path file, Clock clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.channel = open();
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Writes one event.
   *
   * @param who name of the credential, or {@code unknown}
   * @param from the client's address
   * @param what for example {@code submit batch 7}
   * @param status as answered
   */
  public synchronized void write(String who, String from, String what, int status) {
    ObjectNode event = json.createObjectNode();
    event.put("at", clock.instant().toString()).put("who", who).put("from", from);
    event
        .put("what", what.length() > MAX_TEXT ? what.substring(0, MAX_TEXT) + "..." : what)
        .put("status", status);
    try {
      if (channel.size() > MAX_BYTES) {
        channel.close();
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        channel = open();
      }
      byte[] line = json.writeValueAsBytes(event);
      ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      LOG.error("An event could not be written to {}: {}", file, event, e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
