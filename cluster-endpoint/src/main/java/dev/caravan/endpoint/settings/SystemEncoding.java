package dev.caravan.endpoint.settings;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How this process writes what it says to the system: two encodings that its locale decides. */
public final class SystemEncoding {
  private SystemEncoding() {}

  /** Of a program's arguments. Java 17 writes them in {@code file.encoding}. */
  public static Charset ofArguments() {
    return named(Runtime.version().feature() < 18 ? "file.encoding" : "sun.jnu.encoding");
  }

  private static Charset ofFileNames() {
    return named("sun.jnu.encoding");
  }

  private static Charset named(String property) {
    String name = System.getProperty(property, "US-ASCII");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
  }

  /** Whether a program that is given this path as an argument finds the file that we mean. */
  static boolean isTheSameEverywhere(String path) {
    Charset arguments = ofArguments();
    Charset fileNames = ofFileNames();
    return arguments.newEncoder().canEncode(path)
        && fileNames.newEncoder().canEncode(path)
        && Arrays.equals(path.getBytes(arguments), path.getBytes(fileNames));
  }
}
