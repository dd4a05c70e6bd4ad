package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The slots of a cron expression by the plainest of ways: looks at a clock in the zone each minute,
 * and at the minutes that it has shown or skipped since the last look.
 */
final class MinuteByMinute {
  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean eitherDay;

  private MinuteByMinute(String[] fields) {
    minutes = values(fields[0], 0, 59);
    hours = values(fields[1], 0, 23);
    days = values(fields[2], 1, 31);
    months = values(fields[3], 1, 12);
    weekdays = values(fields[4], 0, 7);
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    eitherDay = !fields[2].equals("*") && !fields[4].equals("*");
  }

  static List<Slot> slots(String cron, ZoneId zone, Instant after, Instant upTo) {
    return slots(List.of(cron), zone, after, upTo).get(0);
  }

  /** The slots of each expression, found by one look at the clock each minute for all of them. */
  static List<List<Slot>> slots(List<String> crons, ZoneId zone, Instant after, Instant upTo) {
    List<MinuteByMinute> clocks =
        crons.stream().map(cron -> new MinuteByMinute(cron.split(" "))).toList();
    List<List<Slot>> slots = crons.stream().<List<Slot>>map(cron -> new ArrayList<>()).toList();
    // A day earlier: what was repeated then has been shown before.
    Instant look = after.minus(1, ChronoUnit.DAYS);
    LocalDateTime shown = LocalDateTime.ofInstant(look, zone);
    while (look.isBefore(upTo)) {
      look = look.plus(1, ChronoUnit.MINUTES);
      LocalDateTime now = LocalDateTime.ofInstant(look, zone);
      List<LocalDateTime> seen = new ArrayList<>();
      while (shown.isBefore(now)) {
        shown = shown.plusMinutes(1);
        seen.add(shown);
      }
      if (look.isAfter(after)) {
        for (int i = 0; i < clocks.size(); i++) {
          slots.get(i).addAll(clocks.get(i).come(look, seen));
        }
      }
    }
    return slots;
  }

  /** The slots of the minutes that a look has seen: of each date the latest. */
  private Collection<Slot> come(Instant look, List<LocalDateTime> seen) {
    Map<LocalDate, Slot> come = new TreeMap<>();
    for (LocalDateTime minute : seen) {
      if (matches(minute)) {
        come.put(minute.toLocalDate(), new Slot(look, minute));
      }
    }
    return come.values();
  }

  private boolean matches(LocalDateTime time) {
    return minutes.get(time.getMinute())
        && hours.get(time.getHour())
        && months.get(time.getMonthValue())
        && matchesDay(time.toLocalDate());
  }

  private boolean matchesDay(LocalDate date) {
    boolean ofMonth = days.get(date.getDayOfMonth());
    boolean ofWeek = weekdays.get(date.getDayOfWeek().getValue() % 7);
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }

  private static BitSet values(String field, int lowest, int highest) {
    BitSet values = new BitSet();
    for (String part : field.split(",")) {
      String[] step = part.split("/");
      String[] range = (step[0].equals("*") ? lowest + "-" + highest : step[0]).split("-");
      int by = step.length > 1 ? Integer.parseInt(step[1]) : 1;
      int to = Integer.parseInt(range[range.length - 1]);
      for (int value = Integer.parseInt(range[0]); value <= to; value += by) {
        values.set(value);
      }
    }
    return values;
  }
}
