package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.udf;

import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Whether a line is one JSON object from its first brace to its last character.
 *
 * <p>Spark's parser reads one value and takes no notice of what follows it: of <code>{A}][{B}
 * </code>, read as the element of a list, it sees A and says nothing of the rest. The brackets of
 * the line tell; whether what they hold is JSON, the parser does.
 */
final class RawLine {
  /** Why a line that is something else is rejected. */
  static final String NO_OBJECT = "not one JSON object with an event";

  /** What Spark's parser takes, or a little less; some of its releases have no such limits. */
  private static final int LONGEST_TEXT = 20_000_000;

  private static final int DEEPEST = 900;

  static final String TOO_LONG = "a text in it is longer than 20,000,000 characters";
  static final String TOO_DEEP = "nested more than 900 levels deep";

  /** Why a line can't be a record; null if it can. */
  static final UserDefinedFunction FAULT =
      udf((UDF1<String, String>) RawLine::fault, DataTypes.StringType);

  private final String line;
  private int at;
  private int depth;
  private int longest;
  private int deepest;

  private RawLine(String line) {
    this.line = line;
  }

  static String fault(String line) {
    RawLine scanned = new RawLine(line);
    if (!scanned.isOneObject()) {
      return NO_OBJECT;
    }
    if (scanned.longest > LONGEST_TEXT) {
      return TOO_LONG;
    }
    return scanned.deepest > DEEPEST ? TOO_DEEP : null;
  }

  /** Whether it begins a list, or an object that ends with the begin of one, and doesn't end it. */
  static boolean goesOn(String line) {
    String trimmed = line.trim();
    RawLine scanned = new RawLine(trimmed);
    boolean open = !trimmed.isEmpty() && !scanned.closes();
    return open && (trimmed.startsWith("[") || trimmed.endsWith("["));
  }

  private boolean isOneObject() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    if (at == line.length() || line.charAt(at) != '{' || !closes()) {
      return false;
    }
    while (at < line.length()) {
      if (!isBlank(line.charAt(at++))) {
        return false;
      }
    }
    return true;
  }

  /** Goes on behind the bracket that closes the first one; false if none does. */
  private boolean closes() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '{' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == '}' || c == ']') {
        if (--depth <= 0) {
          return true;
        }
      } else if (c == '"' || c == '\'') {
        skipText(c);
      }
    }
    return false;
  }

  /** Spark's parser takes single quotes as well. */
  private void skipText(char quote) {
    int from = at;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == quote) {
        break;
      }
    }
    longest = Math.max(longest, at - from);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
