package dev.caravan.shared.batches;

import java.nio.charset.StandardCharsets;

/** How one line of a log is shown. */
public final class LogLine {
  /** Maximum length in bytes; longer lines are truncated with a note. */
  public static final int MAX_BYTES = 16 * 1024;

  private LogLine() {}

  /**
   * The text of a line in UTF-8, without the carriage return that may end it.
   *
   * @param bytes begins with the first {@code kept} bytes of the line, its newline not among them
   * @param length all bytes of the line
   */
  public static String text(byte[] bytes, int kept, long length) {
    int end = kept > 0 && length == kept && bytes[kept - 1] == '\r' ? kept - 1 : kept;
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    return length > kept ? text + " [cut: this line is " + length + " bytes long]" : text;
  }
}
