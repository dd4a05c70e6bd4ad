package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Times in ISO-8601.
 *
 * <p>Read are the extended format, with {@code T} or a blank and with or without an offset, and the
 * basic one ({@code 20220426T100000.000Z}). A decimal comma may stand for the point. No time are a
 * bare time of day, which Spark would take for one of the day it runs on, a number, and what only
 * resembles the standard: lower case, or a region in brackets.
 */
public final class IsoTime {
  /** The range of {@link #inRange}, in words. */
  public static final String RANGE = "the years 1900 to 2100";

  /** What Spark reads by itself, as nearly all times are, needs no call of ours. */
  private static final String EXTENDED =
      "case when substring(TEXT, 5, 1) = '-' and substring(TEXT, 8, 1) = '-' then try_cast("
          // The Z of UTC, which is the session's zone anyway, is taken off: with a zone in the
          // string Spark compiles two regular expressions for each row.
          + "case when endswith(TEXT, 'Z') and substring(TEXT, 17, 1) = ':'"
          + " and translate(substring(TEXT, 18, length(TEXT) - 18), '0123456789.', '') = ''"
          + " then substring(TEXT, 1, length(TEXT) - 1) else TEXT end as timestamp) end";

  private static final Pattern COMMA = Pattern.compile("(.{19}),(\\d+([Z+-].*)?)");

  private static final Pattern BASIC =
      Pattern.compile(
          "(\\d{4})(\\d\\d)(\\d\\d)"
              + "(?:T(\\d\\d)(?:(\\d\\d)(?:(\\d\\d)(?:[.,](\\d+))?)?)?(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?");

  private static final UserDefinedFunction REWRITTEN =
      udf((UDF1<String, String>) IsoTime::rewritten, DataTypes.StringType);

  private IsoTime() {}

  /** The timestamp that the text in the column {@code name} tells; null if it tells none. */
  public static Column of(String name) {
    String text = "`" + name + "`";
    return coalesce(
        expr(EXTENDED.replace("TEXT", text)),
        REWRITTEN.apply(expr(text)).cast(DataTypes.TimestampType));
  }

  /**
   * Whether a timestamp is one that an event can have happened at. Programs write others where they
   * have no time at all: 0001-01-01, 9999-12-31.
   */
  public static String inRange(String time) {
    return String.format(
        "(%1$s >= timestamp'1900-01-01T00:00:00Z' and %1$s < timestamp'2101-01-01T00:00:00Z')",
        time);
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
