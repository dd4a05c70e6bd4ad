package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.expressions.MicrosToTimestamp;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * Times in ISO-8601.
 *
 * <p>Accepts the extended format, with {@code T} or a space and with or without an offset, and the
 * basic one ({@code 20220426T100000.000Z}). The decimal separator may be a comma. Rejects a time of
 * day without a date, which Spark would read as a time of the current day, numbers, and forms that
 * only resemble the standard: lower case, or a region in brackets.
 */
public final class IsoTime {
  /** The range of {@link #inRange}, in words. */
  public static final String RANGE = "the years 1900 to 2100";

  private static final Instant BEGIN = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2101-01-01T00:00:00Z");

  private static final Pattern COMMA = Pattern.compile("(.{19}),(\\d+([Z+-].*)?)");

  private static final Pattern BASIC =
      Pattern.compile(
          "(\\d{4})(\\d\\d)(\\d\\d)"
              + "(?:T(\\d\\d)(?:(\\d\\d)(?:(\\d\\d)(?:[.,](\\d+))?)?)?(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?");

  /**
   * A function instead of an expression of Spark's, which takes the text apart several times, in
   * code that every plan with a time in it would have to compile.
   */
  private static final UserDefinedFunction MICROS =
      udf((UDF1<String, Long>) IsoTime::micros, DataTypes.LongType);

  private static final int DATE_AND_TIME = "2022-04-26T10:00:00".length();
  private static final int MICRO_DIGITS = 6;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  /** Times come by day: mostly this is the next one's, too, whichever thread set it. */
  @SuppressWarnings("NonFinalStaticField") // a day doesn't change, so a race costs nothing
  private static Day latest = new Day(1970, 1, 1);

  private IsoTime() {}

  /** The timestamp that the text in the column {@code name} tells; null if it tells none. */
  public static Column of(String name) {
    return new Column(new MicrosToTimestamp(MICROS.apply(col(name)).expr()));
  }

  /** Microseconds since 1970-01-01T00:00:00Z; null if the text tells no time. */
  static Long micros(String text) {
    if (text == null) {
      return null;
    }
    Long usual = usual(text);
    if (usual != null) {
      return usual;
    }
    boolean extended = text.length() >= 8 && text.charAt(4) == '-' && text.charAt(7) == '-';
    Long other = extended ? bySpark(text) : null;
    return other == null ? bySpark(rewritten(text)) : other;
  }

  /** What Spark itself reads in the text, in the zone UTC; null if it reads none. */
  static Long bySpark(String text) {
    if (text == null) {
      return null;
    }
    Option<Object> micros =
        DateTimeUtils.stringToTimestamp(UTF8String.fromString(text), ZoneOffset.UTC);
    return micros.isEmpty() ? null : (Long) micros.get();
  }

  /**
   * The form that nearly all writers use, {@code 2022-04-26T10:00:00.000Z}, with a blank for the T,
   * without a fraction, or without the Z. Null for anything else.
   */
  static Long usual(String text) {
    boolean zulu = text.endsWith("Z");
    int end = zulu ? text.length() - 1 : text.length();
    if (end < DATE_AND_TIME
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != 'T' && text.charAt(10) != ' ')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int fraction = end == DATE_AND_TIME ? 0 : fraction(text, end);
    boolean valid =
        (year >= 0 && month >= 1 && month <= 12 && day >= 1)
            && (hour >= 0 && hour < 24 && minute >= 0 && minute < 60)
            && (second >= 0 && second < 60 && fraction >= 0);
    if (!valid) {
      return null;
    }
    Day known = latest;
    if (known.year != year || known.month != month || known.day != day) {
      if (day > YearMonth.of(year, month).lengthOfMonth()) {
        return null;
      }
      known = new Day(year, month, day);
      latest = known;
    }
    return known.micros + ((hour * 60L + minute) * 60 + second) * MICROS_PER_SECOND + fraction;
  }

  /** A day and its beginning. */
  private static final class Day {
    private final int year;
    private final int month;
    private final int day;
    private final long micros;

    Day(int year, int month, int day) {
      this.year = year;
      this.month = month;
      this.day = day;
      this.micros =
          LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY * MICROS_PER_SECOND;
    }
  }

  /** In microseconds, of a point and one to six digits that end before {@code end}; else -1. */
  private static int fraction(String text, int end) {
    int digits = end - DATE_AND_TIME - 1;
    if (digits < 1 || digits > MICRO_DIGITS || text.charAt(DATE_AND_TIME) != '.') {
      return -1;
    }
    int micros = number(text, DATE_AND_TIME + 1, end);
    for (int digit = digits; micros >= 0 && digit < MICRO_DIGITS; digit++) {
      micros *= 10;
    }
    return micros;
  }

  /** The number that these characters are; -1 if one of them is no digit. */
  private static int number(String text, int from, int end) {
    int number = 0;
    for (int i = from; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /**
   * Whether a timestamp is one that an event can have happened at. Programs write others where they
   * have no time at all: 0001-01-01, 9999-12-31.
   */
  public static Column inRange(Column time) {
    return time.geq(BEGIN).and(time.lt(END));
  }

  /** Other forms of the standard in the form that Spark reads; null for what is none. */
  static String rewritten(String text) {
    if (text == null) {
      return null;
    }
    Matcher comma = COMMA.matcher(text);
    if (comma.matches()) {
      return comma.group(1) + "." + comma.group(2);
    }
    Matcher basic = BASIC.matcher(text);
    if (!basic.matches()) {
      return null;
    }
    String date = basic.group(1) + "-" + basic.group(2) + "-" + basic.group(3);
    return basic.group(4) == null
        ? date
        : String.format(
            "%sT%s:%s:%s.%s%s",
            date,
            basic.group(4),
            or(basic.group(5), "00"),
            or(basic.group(6), "00"),
            or(basic.group(7), "0"),
            or(basic.group(8), ""));
  }

  private static String or(String group, String absent) {
    return group == null ? absent : group;
  }
}
