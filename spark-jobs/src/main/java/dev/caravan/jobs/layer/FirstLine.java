package dev.caravan.jobs.layer;

import dev.caravan.jobs.input.UnreadableFileException;
import dev.caravan.jobs.storage.FileOpener;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * The first line of a text file that is not blank: it identifies a document that spans several
 * lines, whose last record looks like any other line. Reads at most 64 KB of the file, in one short
 * request.
 */
final class FirstLine {
  private static final int MOST_BYTES = 64 << 10;

  private FirstLine() {}

  /**
   * Reads it, or its begin; empty in a file without any.
   *
   * @throws IOException naming the file when it can't be unpacked
   */
  static String of(FileStatus file, Configuration conf) throws IOException {
    try (InputStream in = unpacked(file, FileOpener.open(file, conf), conf)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      boolean blank = true;
      for (int n = 0; n < MOST_BYTES; n++) {
        int b = in.read();
        if (b < 0 || (b == '\n' || b == '\r') && !blank) {
          break;
        }
        blank &= b <= ' ';
        line.write(b);
      }
      String text = new String(line.toByteArray(), StandardCharsets.UTF_8);
      // A mark of the byte order, which Spark's reader of lines leaves out as well.
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      throw new UnreadableFileException(file.getPath().toString(), e);
    }
  }

  private static InputStream unpacked(FileStatus file, InputStream packed, Configuration conf)
      throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(file.getPath());
    return new BufferedInputStream(
        codec == null ? packed : codec.createInputStream(packed), MOST_BYTES / 8);
  }
}
