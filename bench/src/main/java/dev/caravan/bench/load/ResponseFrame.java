package dev.caravan.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds where a response ends, by its Content-Length or its chunks (RFC 9112), and keeps nothing of
 * it but the status. To be fed as the bytes come.
 */
final class ResponseFrame {
  private enum Part {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  private static final int MAX_LINE = 8192;

  private final byte[] line = new byte[MAX_LINE];
  private int length;
  private Part part = Part.HEAD;
  private int status;
  private long left;
  private boolean chunked;

  /** Gets ready for the next response. */
  void reset() {
    length = 0;
    part = Part.HEAD;
    status = 0;
    left = 0;
    chunked = false;
  }

  /** The status; 0 until its line has come. */
  int status() {
    return status;
  }

  /**
   * Takes bytes up to the end of the response.
   *
   * @return whether the response is complete
   */
  boolean take(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining() && part != Part.DONE) {
      if (part == Part.BODY || part == Part.CHUNK) {
        int step = (int) Math.min(left, bytes.remaining());
        bytes.position(bytes.position() + step);
        left -= step;
        if (left == 0) {
          part = part == Part.BODY ? Part.DONE : Part.CHUNK_END;
        }
      } else if (endsLine(bytes.get())) {
        line();
        length = 0;
      }
    }
    return part == Part.DONE;
  }

  private boolean endsLine(byte next) throws IOException {
    if (next == '\n') {
      return true;
    }
    if (next != '\r') {
      if (length == MAX_LINE) {
        throw new IOException("A header line of the answer is longer than " + MAX_LINE + " bytes.");
      }
      line[length++] = next;
    }
    return false;
  }

  private void line() throws IOException {
    switch (part) {
      case HEAD -> {
        if (status == 0) {
          status = Integer.parseInt(text(9, 12));
        } else if (length == 0) {
          part = chunked ? Part.CHUNK_SIZE : left > 0 ? Part.BODY : Part.DONE;
        } else {
          header();
        }
      }
      case CHUNK_SIZE -> {
        left = Long.parseLong(text(0, length).split(";", 2)[0].trim(), 16);
        part = left == 0 ? Part.TRAILER : Part.CHUNK;
      }
      case CHUNK_END -> part = Part.CHUNK_SIZE;
      case TRAILER -> part = length == 0 ? Part.DONE : Part.TRAILER;
      default -> throw new IllegalStateException("No line is expected in " + part + ".");
    }
  }

  /** Only headers that begin with the first letter of the two that matter are looked at. */
  private void header() {
    byte first = line[0];
    if (first == 'C' || first == 'c' || first == 'T' || first == 't') {
      String header = text(0, length).toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        left = Long.parseLong(header.substring("content-length:".length()).trim());
      } else if (header.startsWith("transfer-encoding:")) {
        chunked = header.endsWith("chunked");
      }
    }
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
