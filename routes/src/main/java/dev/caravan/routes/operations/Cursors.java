package dev.caravan.routes.operations;

import dev.caravan.processors.journal.History;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/** What {@link ListPage#next} is made of. Opaque to those who hand it back. */
final class Cursors {
  /** No database takes every time that Java knows. */
  private static final Pattern TIME = Pattern.compile("\\d{4}-[0-9T:.-]{5,30}Z");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9/-]{1,160}");

  private Cursors() {}

  static String of(History.Place place) {
    return encode(place.startedAt() + " " + place.runId());
  }

  static String of(long id) {
    return encode(Long.toString(id));
  }

  /**
   * @throws OperationException if it is none of ours
   */
  static History.Place place(String cursor) {
    String[] parts = decode(cursor).split(" ", 2);
    try {
      if (parts.length == 2 && TIME.matcher(parts[0]).matches() && ID.matcher(parts[1]).matches()) {
        return new History.Place(Instant.parse(parts[0]), parts[1]);
      }
    } catch (DateTimeException e) {
      // Refused below.
    }
    throw refusal();
  }

  /**
   * @throws OperationException if it is none of ours
   */
  static long id(String cursor) {
    try {
      return Long.parseLong(decode(cursor));
    } catch (NumberFormatException e) {
      throw refusal();
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refusal();
    }
  }

  private static OperationException refusal() {
    return OperationException.invalid(
        "The cursor is none that a page of this list has given; ask without one for the first page.");
  }
}
