package dev.caravan.endpoint.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one growing file by number. Keeps an offset for about each 64 KiB or 512 lines,
 * reads new bytes once, and keeps no text; a file that can't be read is logged and never thrown at
 * a poll. A line counts when its newline is there, or when the file is complete. Thread-safe.
 */
public final class LineIndex {
  private static final Logger LOG = LoggerFactory.getLogger(LineIndex.class);

  /** Longer lines are cut in answers, and say so; in bytes. */
  static final int MAX_LINE = 16 * 1024;

  private static final int MARK_LINES = 512;
  private static final int MARK_BYTES = 64 * 1024;
  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private long[] markLine = new long[4];
  private long[] markOffset = new long[4];
  private int marks = 1; // line 0 begins at offset 0
  private long scanned;
  private long lineStart;
  private long lines;

  /** An index of {@code file}, which need not exist yet. */
  public LineIndex(Path file) {
    this.file = file;
  }

  /**
   * The number of lines; reads what was appended since the last call.
   *
   * @param complete whether nobody writes to the file any more, so that a last line without newline
   *     counts
   */
  public synchronized long count(boolean complete) {
    try {
      if (!Files.exists(file) || Files.size(file) == scanned) {
        return total(complete);
      }
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        channel.position(scanned);
        while (channel.read(buffer.clear()) > 0) {
          scan(buffer.array(), buffer.position());
        }
      }
      return total(complete);
    } catch (IOException e) {
      LOG.error("The log {} can't be read; its lines are counted on at the next poll.", file, e);
      return total(complete);
    }
  }

  private long total(boolean complete) {
    return complete && lineStart < scanned ? lines + 1 : lines;
  }

  private void scan(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        lines++;
        lineStart = scanned + i + 1;
        if (lines - markLine[marks - 1] >= MARK_LINES
            || lineStart - markOffset[marks - 1] >= MARK_BYTES) {
          mark();
        }
      }
    }
    scanned += length;
  }

  private void mark() {
    if (marks == markLine.length) {
      markLine = Arrays.copyOf(markLine, marks * 2);
      markOffset = Arrays.copyOf(markOffset, marks * 2);
    }
    markLine[marks] = lines;
    markOffset[marks] = lineStart;
    marks++;
  }

  /**
   * Lines {@code from} to {@code from + size - 1}, as far as they were counted; fewer if their text
   * exceeds {@code budget} bytes, but at least one.
   */
  public List<String> lines(long from, long size, int budget) {
    long[] start = nearest(from);
    List<String> found = new ArrayList<>();
    try (LineReader reader = new LineReader(file, start[1], start[2])) {
      for (long line = start[0]; line < from; line++) {
        if (!reader.skip()) {
          return found;
        }
      }
      int used = 0;
      while (found.size() < size && (found.isEmpty() || used < budget)) {
        String line = reader.next();
        if (line == null) {
          break;
        }
        found.add(line);
        used += line.length();
      }
      return found;
    } catch (NoSuchFileException e) {
      return found;
    } catch (IOException e) {
      LOG.error(
          "The log {} can't be read; a poll got {} of {} lines.", file, found.size(), size, e);
      return found;
    }
  }

  /** The mark at or before {@code line}: its line, its offset, and the end of what was counted. */
  private synchronized long[] nearest(long line) {
    int found = Arrays.binarySearch(markLine, 0, marks, line);
    int mark = found >= 0 ? found : -found - 2;
    return new long[] {markLine[mark], markOffset[mark], scanned};
  }

  /** Reads lines from an offset on with one buffer. */
  private static final class LineReader implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private final byte[] line = new byte[MAX_LINE];
    private long left;

    LineReader(Path file, long offset, long end) throws IOException {
      channel = FileChannel.open(file).position(offset);
      left = end - offset;
    }

    boolean skip() throws IOException {
      return read(false) != null;
    }

    /** The next line without its newline, or null at the end. */
    String next() throws IOException {
      return read(true);
    }

    private String read(boolean keep) throws IOException {
      int kept = 0;
      long length = 0;
      boolean any = false;
      while (fill()) {
        any = true;
        byte next = buffer.get();
        if (next == '\n') {
          return keep ? text(kept, length) : "";
        }
        if (kept < MAX_LINE) {
          line[kept++] = next;
        }
        length++;
      }
      return any ? text(kept, length) : null;
    }

    private String text(int kept, long length) {
      int end = kept > 0 && length == kept && line[kept - 1] == '\r' ? kept - 1 : kept;
      String text = new String(line, 0, end, StandardCharsets.UTF_8);
      return length > kept ? text + " [cut: this line is " + length + " bytes long]" : text;
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      buffer.clear().limit((int) Math.min(BUFFER, left));
      int read = channel.read(buffer);
      buffer.flip();
      left = read <= 0 ? 0 : left - read;
      return read > 0;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
