package dev.caravan.shared.batches;

import java.util.Locale;

/** What a shipped log's objects are called, below the address of the log. */
public final class ShippedNames {
  /** Says what the chunks hold; written after them, each time. */
  public static final String MANIFEST = "log.json";

  /** Of the manifest's form. */
  public static final int VERSION = 1;

  private ShippedNames() {}

  /**
   * A chunk of a stream.
   *
   * @param offset of the chunk's first byte in its stream
   */
  public static String chunk(String stream, long offset) {
    return String.format(Locale.ROOT, "%s/%012d", stream, offset);
  }
}
