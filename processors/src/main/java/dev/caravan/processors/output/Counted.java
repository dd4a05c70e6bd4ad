package dev.caravan.processors.output;

import java.util.Locale;

/** A number with its noun: "1 object", "1,000 objects". */
public final class Counted {
  private Counted() {}

  /**
   * @param noun in the singular; its plural has an s
   */
  public static String of(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
