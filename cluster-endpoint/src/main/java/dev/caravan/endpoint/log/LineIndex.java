package dev.caravan.endpoint.log;

import dev.caravan.shared.batches.LogLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one growing file by number. Keeps an offset for about each 64 KiB or 512 lines,
 * reads new bytes once, and keeps no text; a file that can't be read is logged and never thrown at
 * a poll. A line counts when its newline is there, or when the file is complete. A page costs what
 * it holds, however long the lines in it and before it are. Thread-safe.
 */
public final class LineIndex {
  private static final Logger LOG = LoggerFactory.getLogger(LineIndex.class);

  private static final int MARK_LINES = 512;
  private static final int MARK_BYTES = 64 * 1024;
  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private final long limit;
  private long[] markLine = new long[1];
  private long[] markOffset = new long[1];
  private int marks = 1; // line 0 begins at offset 0
  private long scanned;
  private long lineStart;
  private long lines;

  /**
   * An index of {@code file}, which need not exist yet.
   *
   * @param limit bytes of the file that count; what is behind them may be cut off any time
   */
  public LineIndex(Path file, long limit) {
    this.file = file;
    this.limit = limit;
  }

  /**
   * The number of lines; reads what was appended since the last call.
   *
   * @param complete whether nobody writes to the file any more, so that a last line without newline
   *     counts
   */
  public synchronized long count(boolean complete) {
    try {
      long end = Math.min(Files.size(file), limit);
      if (scanned < end) {
        scanTo(end);
      }
      return total(complete);
    } catch (NoSuchFileException e) {
      return total(complete);
    } catch (IOException e) {
      LOG.error("The log {} can't be read; its lines are counted on at the next poll.", file, e);
      return total(complete);
    }
  }

  /** Whether the file is longer than what one read takes. */
  boolean isLong() {
    return file.toFile().length() > BUFFER;
  }

  private long total(boolean complete) {
    return complete && lineStart < scanned ? lines + 1 : lines;
  }

  private void scanTo(long end) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocate(atMost(BUFFER, end - scanned));
      channel.position(scanned);
      while (scanned < end
          && channel.read(buffer.clear().limit(atMost(buffer.capacity(), end - scanned))) > 0) {
        scan(buffer.array(), buffer.position());
      }
    }
  }

  private static int atMost(int bound, long bytes) {
    return (int) Math.min(bound, bytes);
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
    List<String> found = new ArrayList<>();
    try (LineReader reader = reader(from)) {
      while (reader.line < from) {
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

  /** One that begins at the mark at or before {@code line}. */
  private synchronized LineReader reader(long line) throws IOException {
    int found = Arrays.binarySearch(markLine, 0, marks, line);
    int mark = found >= 0 ? found : -found - 2;
    return new LineReader(markLine[mark], markOffset[mark], scanned);
  }

  /**
   * Where a line ends that is longer than {@link #MARK_BYTES}: there is a mark right behind it,
   * unless it is the last one. Empty for a shorter one.
   */
  private synchronized OptionalLong endOfLong(long line) {
    if (line == lines) {
      return OptionalLong.of(scanned);
    }
    int next = Arrays.binarySearch(markLine, 0, marks, line + 1);
    return next < 0 ? OptionalLong.empty() : OptionalLong.of(markOffset[next] - 1);
  }

  /** Reads lines from an offset on with one buffer. */
  private final class LineReader implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer buffer;
    private final byte[] text;
    private final long end;
    private long read; // offset behind what is in the buffer
    private long line;

    LineReader(long line, long offset, long end) throws IOException {
      this.channel = FileChannel.open(file).position(offset);
      this.line = line;
      this.read = offset;
      this.end = end;
      this.buffer = ByteBuffer.allocate(atMost(BUFFER, end - offset)).limit(0);
      this.text = new byte[atMost(LogLine.MAX_BYTES, end - offset)];
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
      long begin = position();
      while (fill()) {
        byte next = buffer.get();
        if (next == '\n') {
          line++;
          return keep ? LogLine.text(text, kept, position() - 1 - begin) : "";
        }
        if (kept < LogLine.MAX_BYTES) {
          text[kept++] = next;
        } else if (position() - begin == LogLine.MAX_BYTES + 1) {
          passOver();
        }
      }
      if (position() == begin) {
        return null;
      }
      line++;
      return LogLine.text(text, kept, position() - begin);
    }

    /** Goes on at the end of a long line without reading what is before it. */
    private void passOver() throws IOException {
      OptionalLong long_ = endOfLong(line);
      if (long_.isPresent() && long_.getAsLong() > read) {
        read = Math.min(long_.getAsLong(), end);
        channel.position(read);
        buffer.limit(0);
      }
    }

    private long position() {
      return read - buffer.remaining();
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      if (read >= end) {
        return false;
      }
      buffer.clear().limit(atMost(buffer.capacity(), end - read));
      int got = channel.read(buffer);
      buffer.flip();
      read += Math.max(0, got);
      return got > 0;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
