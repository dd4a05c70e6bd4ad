package dev.caravan.shared.page;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text without what a terminal or a reader's eye would take for more than text: the colours of a
 * terminal are left out, and a control character, or one that turns the direction of writing, is
 * shown by its number.
 */
public final class PlainText {
  private static final Pattern ANSI =
      Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?)");

  private PlainText() {}

  /** Line feeds and tabs stay. */
  public static String of(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    ANSI.matcher(text)
        .replaceAll("")
        .chars()
        .forEach(
            each -> {
              if (isHarmful(each)) {
                plain.append(String.format(Locale.ROOT, "\u27E8U+%04X\u27E9", each));
              } else {
                plain.append((char) each);
              }
            });
    return plain.toString();
  }

  private static boolean isHarmful(int each) {
    boolean turns =
        (each >= 0x202A && each <= 0x202E)
            || (each >= 0x2066 && each <= 0x2069)
            || each == 0x200E
            || each == 0x200F
            || each == 0x061C;
    return turns || (Character.isISOControl(each) && each != '\n' && each != '\t');
  }
}
