package dev.caravan.processors.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of money that may change on a date.
 *
 * @param amounts each by the first day that it holds for, in UTC; the first holds since ever
 */
public record Rate(NavigableMap<LocalDate, BigDecimal> amounts) {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(?: +from +(\\d{4}-\\d\\d-\\d\\d))?");
  private static final BigDecimal NANOS_PER_HOUR =
      BigDecimal.valueOf(Duration.ofHours(1).toNanos());
  private static final int DIGITS = 10;

  /** Nothing, at any time. */
  public static final Rate NONE = parse("0");

  public Rate {
    amounts = new TreeMap<>(amounts);
  }

  /**
   * Reads a setting.
   *
   * @param text such as {@code 33.50} or {@code 33.50, 36 from 2026-12-01}
   * @throws IllegalArgumentException if it isn't of that form
   */
  public static Rate parse(String text) {
    NavigableMap<LocalDate, BigDecimal> amounts = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part.strip());
      boolean first = amounts.isEmpty();
      if (!matcher.matches() || first != (matcher.group(2) == null)) {
        throw new IllegalArgumentException("'" + text + "' is no amount");
      }
      LocalDate from = first ? LocalDate.MIN : date(matcher.group(2));
      if (!first && !from.isAfter(amounts.lastKey())) {
        throw new IllegalArgumentException("the dates in '" + text + "' don't ascend");
      }
      amounts.put(from, new BigDecimal(matcher.group(1)));
    }
    return new Rate(amounts);
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no date", e);
    }
  }

  /** The amount that holds then. */
  public BigDecimal at(Instant time) {
    return amounts.floorEntry(LocalDate.ofInstant(time, ZoneOffset.UTC)).getValue();
  }

  /** What a span of time costs if the amount is one per hour; 0 if it ends before it begins. */
  public BigDecimal perHour(Instant from, Instant until) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<LocalDate, BigDecimal> each : amounts.entrySet()) {
      LocalDate next = amounts.higherKey(each.getKey());
      Instant begin = later(from, each.getKey());
      Instant end = next == null ? until : earlier(until, next);
      if (begin.isBefore(end)) {
        BigDecimal nanos = BigDecimal.valueOf(Duration.between(begin, end).toNanos());
        sum =
            sum.add(
                each.getValue()
                    .multiply(nanos)
                    .divide(NANOS_PER_HOUR, DIGITS, RoundingMode.HALF_UP));
      }
    }
    return sum;
  }

  private static Instant later(Instant time, LocalDate day) {
    // The day since ever has no instant.
    return day.equals(LocalDate.MIN) || time.isAfter(start(day)) ? time : start(day);
  }

  private static Instant earlier(Instant time, LocalDate day) {
    return time.isBefore(start(day)) ? time : start(day);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
