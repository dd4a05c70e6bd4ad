package dev.caravan.routes.page;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cron expression in words, if it is one of the usual ones: times of the day or periods, on all
 * days, days of the week, or days of the month.
 */
final class CronWords {
  private static final String ANY = "*";
  private static final String NUMBER = "\\d{1,2}";
  private static final String PERIOD = "\\*/\\d{1,2}";
  private static final int MOST_TIMES = 6;
  private static final int DAYS_OF_WEEK = 7;

  private CronWords() {}

  /**
   * A sentence without its end.
   *
   * @param expression of five fields, which is good
   * @return empty for an unusual one
   */
  static Optional<String> of(String expression) {
    String[] fields = expression.strip().split("\\s+");
    if (fields.length != 5) {
      return Optional.empty();
    }
    return time(fields[0], fields[1])
        .flatMap(time -> days(fields[2], fields[3], fields[4]).map(days -> join(days, time)));
  }

  /** What is said of the time of the day; a period needs no "every day" before it. */
  private record Time(String words, boolean period) {}

  private static String join(String days, Time time) {
    if (!time.period()) {
      return days + " " + time.words();
    }
    return days.equals("Every day") ? time.words() : time.words() + ", " + lower(days);
  }

  private static String lower(String days) {
    return days.startsWith("On ") || days.startsWith("Every ")
        ? days.substring(0, 1).toLowerCase(Locale.ROOT) + days.substring(1)
        : days;
  }

  private static Optional<Time> time(String minute, String hour) {
    if (minute.equals(ANY) && hour.equals(ANY)) {
      return period("Every minute");
    }
    if (minute.matches(PERIOD) && hour.equals(ANY)) {
      int every = Integer.parseInt(minute.substring(2));
      return 60 % every == 0 ? period(every(every, "minute")) : Optional.empty();
    }
    if (!minute.matches(NUMBER)) {
      return Optional.empty();
    }
    int at = Integer.parseInt(minute);
    if (hour.equals(ANY)) {
      return period(at == 0 ? "Every hour, on the hour" : "Every hour, at minute " + at);
    }
    if (hour.matches(PERIOD)) {
      int every = Integer.parseInt(hour.substring(2));
      return 24 % every == 0
          ? period(every(every, "hour") + ", from " + clock(0, at))
          : Optional.empty();
    }
    return numbers(hour, 23)
        .filter(hours -> hours.size() <= MOST_TIMES)
        .map(
            hours ->
                new Time("at " + and(hours.stream().map(each -> clock(each, at)).toList()), false));
  }

  private static Optional<Time> period(String words) {
    return Optional.of(new Time(words, true));
  }

  private static String every(int number, String unit) {
    return number == 1 ? "Every " + unit : "Every " + number + " " + unit + "s";
  }

  private static String clock(int hour, int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", hour, minute);
  }

  /** With both kinds of days restricted, cron takes what is of either. */
  private static Optional<String> days(String ofMonth, String month, String ofWeek) {
    boolean anyDate = ofMonth.equals(ANY) && month.equals(ANY);
    if (anyDate) {
      return ofWeek.equals(ANY) ? Optional.of("Every day") : daysOfWeek(ofWeek);
    }
    return ofWeek.equals(ANY) && !ofMonth.equals(ANY) ? dates(ofMonth, month) : Optional.empty();
  }

  private static Optional<String> dates(String ofMonth, String month) {
    Optional<List<Integer>> days = numbers(ofMonth, 31);
    if (month.equals(ANY)) {
      return days.map(
          known ->
              "On day" + (known.size() == 1 ? " " : "s ") + and(texts(known)) + " of every month");
    }
    Optional<List<Integer>> months = numbers(month, 12);
    return days.flatMap(
        known ->
            months
                .filter(of -> of.stream().allMatch(each -> each >= 1))
                .map(
                    of ->
                        "On "
                            + and(texts(known))
                            + " "
                            + and(
                                of.stream()
                                    .map(Month::of)
                                    .map(
                                        each -> each.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
                                    .toList())));
  }

  private static Optional<String> daysOfWeek(String field) {
    String digits = field.toUpperCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      digits =
          digits.replace(
              day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).toUpperCase(Locale.ROOT),
              Integer.toString(day.getValue()));
    }
    boolean range = digits.matches("\\d-\\d");
    return numbers(digits, DAYS_OF_WEEK)
        .map(days -> days.stream().map(CronWords::day).toList())
        .map(
            days ->
                range && days.size() > 2
                    ? "Every day from " + days.get(0) + " to " + days.get(days.size() - 1)
                    : "Every " + and(days));
  }

  /** Sunday is 0 and 7. */
  private static String day(int number) {
    return DayOfWeek.of(number == 0 ? DAYS_OF_WEEK : number)
        .getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  /** A list of numbers and ranges; empty if it is anything else. */
  private static Optional<List<Integer>> numbers(String field, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : field.split(",", -1)) {
      if (part.matches(NUMBER)) {
        numbers.add(Integer.valueOf(part));
      } else if (part.matches(NUMBER + "-" + NUMBER)) {
        String[] ends = part.split("-", 2);
        IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
            .forEach(numbers::add);
      } else {
        return Optional.empty();
      }
    }
    boolean good = !numbers.isEmpty() && numbers.stream().allMatch(each -> each <= most);
    return good ? Optional.of(numbers) : Optional.empty();
  }

  private static List<String> texts(List<Integer> numbers) {
    return numbers.stream().map(Object::toString).toList();
  }

  private static String and(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : words.stream().limit(last).collect(Collectors.joining(", ")) + " and " + words.get(last);
  }
}
