package dev.caravan.shared.yandex;

/** The cloud's message, formatted for the middle of a sentence in a log. */
final class CloudMessage {
  private static final int LONGEST = 500;

  private CloudMessage() {}

  /** On one line, without a full stop, cut short: a proxy may answer with a page of HTML. */
  static String brief(String words) {
    String line = words.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST
        ? line.substring(0, LONGEST) + "..."
        : line.replaceAll("\\.$", "");
  }
}
