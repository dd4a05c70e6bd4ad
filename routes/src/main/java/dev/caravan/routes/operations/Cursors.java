package dev.caravan.routes.operations;

import dev.caravan.processors.journal.History;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** What {@link ListPage#next} is made of. Opaque to those who hand it back. */
final class Cursors {
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
      if (parts.length == 2) {
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
