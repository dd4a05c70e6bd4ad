package dev.caravan.processors.logs;

import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Objects;
import dev.caravan.shared.batches.LogLine;
import dev.caravan.shared.batches.ShippedNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads lines of one stream from a given line on, one chunk in memory at a time. Chunks that
 * contain only an invisible part of a line are not fetched. For one thread, once.
 */
final class StreamCursor {
  private final S3Objects s3;
  private final S3Location place;
  private final LogManifest.Stream stream;
  private final byte[] kept = new byte[LogLine.MAX_BYTES];
  private byte[] bytes = new byte[0];
  private int position;
  private int next;
  private long line;

  StreamCursor(S3Objects s3, S3Location place, LogManifest.Stream stream, long from) {
    this.s3 = s3;
    this.place = place;
    this.stream = stream;
    this.next = chunkBefore(from);
    this.line = next < stream.linesBefore().size() ? stream.linesBefore().get(next) : 0;
    while (line < from && fill()) {
      skip();
    }
  }

  /** The last chunk that surely begins before the line, or the first. */
  private int chunkBefore(long from) {
    int low = 0;
    int high = stream.linesBefore().size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (stream.linesBefore().get(middle) < from) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** At most so many lines; fewer if their text exceeds the budget, but at least one. */
  List<String> lines(long size, int budget) {
    List<String> found = new ArrayList<>();
    int used = 0;
    while (found.size() < size && (found.isEmpty() || used < budget) && fill()) {
      String text = text();
      found.add(text);
      used += text.length();
    }
    return found;
  }

  private boolean fill() {
    if (position < bytes.length) {
      return true;
    }
    if (next >= stream.linesBefore().size()) {
      return false;
    }
    long begin = (long) next * stream.chunkBytes();
    long length = Math.min(stream.chunkBytes(), stream.bytes() - begin);
    bytes =
        s3.range(
            ShippedLogs.within(place, ShippedNames.chunk(stream.name(), begin)), 0, length - 1);
    position = 0;
    next++;
    return true;
  }

  /** Goes past the next newline, or to the end of the chunk. */
  private void skip() {
    int end = lineEnd();
    boolean ended = end < bytes.length;
    position = ended ? end + 1 : end;
    line += ended ? 1 : 0;
  }

  private int lineEnd() {
    int end = position;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  /** The line that begins here, cut if it is long. */
  private String text() {
    int count = 0;
    long length = 0;
    while (fill()) {
      int end = lineEnd();
      int take = Math.min(end - position, LogLine.MAX_BYTES - count);
      System.arraycopy(bytes, position, kept, count, take);
      count += take;
      length += end - position;
      boolean ended = end < bytes.length;
      position = ended ? end + 1 : end;
      if (ended) {
        break;
      }
      if (count == LogLine.MAX_BYTES) {
        length += passOver();
      }
    }
    line++;
    return LogLine.text(kept, count, length);
  }

  /** Goes to the chunk where the line ends without fetching those between; the bytes passed. */
  private long passOver() {
    int last = next;
    while (last + 1 < stream.linesBefore().size() && stream.linesBefore().get(last + 1) == line) {
      last++;
    }
    long passed = (long) (last - next) * stream.chunkBytes();
    next = last;
    return passed;
  }
}
