package dev.caravan.shared.settings;

import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A file in the format of {@link Properties}, in UTF-8 with or without a byte order mark. A
 * duplicate key is refused: {@link Properties} would take the last one silently.
 */
public final class PropertiesFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PropertiesFile() {}

  /**
   * Reads keys and values; a value keeps the blanks at its end.
   *
   * @throws FatalException with one sentence that names the file and never quotes a value
   */
  public static Map<String, String> read(Path file) {
    String text = text(file);
    Once properties = new Once();
    try {
      properties.load(
          new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
    } catch (IOException | IllegalArgumentException e) {
      throw new FatalException(
          file + " has a \\u that no four hexadecimal digits follow: write a backslash as \\\\.");
    }
    if (!properties.repeated.isEmpty()) {
      throw new FatalException(
          file
              + " sets more than once: "
              + String.join(", ", properties.repeated)
              + ". Keep one line of each.");
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }

  /**
   * Reads values that must all be there, without blanks around them.
   *
   * @param what for messages, what the keys are: {@code of an S3 key}
   * @throws FatalException as {@link #read} does, or if one is missing or empty
   */
  public static Map<String, String> read(Path file, String what, String... keys) {
    Map<String, String> values = new TreeMap<>();
    read(file).forEach((key, value) -> values.put(key, value.strip()));
    if (Arrays.stream(keys).anyMatch(key -> values.getOrDefault(key, "").isEmpty())) {
      throw new FatalException(
          file + " must hold " + String.join("= and ", keys) + "= " + what + ".");
    }
    return values;
  }

  private static String text(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new FatalException(file + " doesn't exist.");
    } catch (IOException e) {
      throw new FatalException(file + " can't be read: " + e.getMessage() + ".");
    }
    if (IntStream.range(0, bytes.length).anyMatch(at -> bytes[at] == 0)) {
      throw new FatalException(file + " is not text in UTF-8, maybe UTF-16: save it as UTF-8.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      long line = 1 + IntStream.range(0, in.position()).filter(at -> bytes[at] == '\n').count();
      throw new FatalException(
          "Line " + line + " of " + file + " is not in UTF-8: save the file as UTF-8.");
    }
    return out.flip().toString();
  }

  /** Remembers the keys that are set more than once. */
  private static final class Once extends Properties {
    private static final long serialVersionUID = 1L;
    private final TreeSet<String> repeated = new TreeSet<>();

    @Override
    public synchronized Object put(Object key, Object value) {
      Object before = super.put(key, value);
      if (before != null) {
        repeated.add(key.toString());
      }
      return before;
    }
  }
}
