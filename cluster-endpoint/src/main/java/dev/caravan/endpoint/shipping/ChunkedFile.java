package dev.caravan.endpoint.shipping;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A growing file as chunks of so many bytes, whatever its lines are: a line may span chunks, and
 * the chunks in a row are the file, byte for byte. For each chunk it keeps how many lines end
 * before it, so that a reader finds a line with one or two chunks. For one thread.
 */
final class ChunkedFile {
  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private final int chunkBytes;
  private final long limit;
  private long[] linesBefore = new long[1];
  private long scanned;
  private long newlines;
  private long lineStart;

  /**
   * A file.
   *
   * @param limit bytes of it that count; what is behind them may be cut off any time
   */
  ChunkedFile(Path file, int chunkBytes, long limit) {
    this.file = file;
    this.chunkBytes = chunkBytes;
    this.limit = limit;
  }

  /** Reads what was appended since the last call, with one small buffer. */
  void scan() throws IOException {
    if (!Files.exists(file) || Math.min(Files.size(file), limit) <= scanned) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(scanned);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (scanned < limit && channel.read(buffer.clear().limit(roomInChunk())) > 0) {
        count(buffer.array(), buffer.position());
      }
    }
  }

  /** No read crosses a chunk's end, nor the limit. */
  private int roomInChunk() {
    return (int) Math.min(Math.min(BUFFER, chunkBytes - scanned % chunkBytes), limit - scanned);
  }

  private void count(byte[] bytes, int length) {
    if (scanned % chunkBytes == 0) {
      int chunk = (int) (scanned / chunkBytes);
      if (chunk == linesBefore.length) {
        linesBefore = Arrays.copyOf(linesBefore, chunk * 2);
      }
      linesBefore[chunk] = newlines;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        newlines++;
        lineStart = scanned + i + 1;
      }
    }
    scanned += length;
  }

  Path path() {
    return file;
  }

  /** Bytes seen so far. */
  long bytes() {
    return scanned;
  }

  /**
   * Lines seen so far.
   *
   * @param complete whether a last one without newline counts
   */
  long lines(boolean complete) {
    return complete && lineStart < scanned ? newlines + 1 : newlines;
  }

  /** For each chunk, the lines that end before it. */
  LongStream linesBefore() {
    return Arrays.stream(linesBefore, 0, (int) ((scanned + chunkBytes - 1) / chunkBytes));
  }
}
