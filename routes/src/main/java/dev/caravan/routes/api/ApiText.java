package dev.caravan.routes.api;

import dev.caravan.shared.settings.Nearest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads values from texts that a client sent; each refusal names what it is about. */
final class ApiText {
  private static final Pattern DATE = Pattern.compile("[1-9]\\d{3}-\\d\\d-\\d\\d");
  private static final Pattern MONTH = Pattern.compile("[1-9]\\d{3}-\\d\\d");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  private ApiText() {}

  /** The text, which every database and log takes as it is: without control characters. */
  static String plain(String what, String text, int longest) {
    if (text.length() > longest) {
      throw ApiException.badRequest(what + " has more than " + longest + " characters.");
    }
    boolean broken = !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    if (broken || text.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.badRequest(what + " has characters that are not text.");
    }
    return text;
  }

  /** A part of a path or query, escapes decoded. */
  static String decoded(String what, String raw, boolean plusIsBlank, int longest) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 4);
    for (int i = 0; i < raw.length(); i++) {
      char letter = raw.charAt(i);
      if (letter == '%') {
        if (i + 2 >= raw.length() || !raw.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
          throw ApiException.badRequest(what + " contains a % that is not part of an escape.");
        }
        bytes.put((byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.put(
            String.valueOf(letter == '+' && plusIsBlank ? ' ' : letter)
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return plain(
          what, StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString(), longest);
    } catch (CharacterCodingException e) {
      throw ApiException.badRequest(what + " is not UTF-8.");
    }
  }

  static LocalDate date(String what, String text) {
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // Said below, in the same words.
    }
    throw ApiException.badRequest(what + " is not a date of the form YYYY-MM-DD.");
  }

  static YearMonth month(String what, String text) {
    try {
      if (MONTH.matcher(text).matches()) {
        return YearMonth.parse(text);
      }
    } catch (DateTimeException e) {
      // Said below, in the same words.
    }
    throw ApiException.badRequest(what + " is not a month of the form YYYY-MM.");
  }

  static long number(String what, String text, long least, long most) {
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw ApiException.badRequest(
        what + " is not a whole number from " + least + " to " + most + ".");
  }

  static <E extends Enum<E>> E word(String what, String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    what
                        + " is not one of "
                        + String.join(
                            ", ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList())
                        + "."));
  }

  /**
   * The refusal of a name that nobody asked for.
   *
   * @param known the names that were asked for
   */
  static ApiException unknown(String what, String name, Set<String> known) {
    return ApiException.badRequest(
        what
            + " '"
            + name
            + "' is unknown"
            + Nearest.to(name, known).map(near -> ": did you mean '" + near + "'?").orElse("."));
  }
}
