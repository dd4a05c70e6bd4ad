package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The slots of a cron expression by the plainest of ways: looks at a clock in the zone each minute,
 * and at the minutes that it has shown or skipped since the last look.
 */
final class MinuteByMinute {
  private final String[] fields;

  private MinuteByMinute(String[] fields) {
    this.fields = fields;
  }

  static List<Slot> slots(String cron, ZoneId zone, Instant after, Instant upTo) {
    MinuteByMinute clock = new MinuteByMinute(cron.split(" "));
    List<Slot> slots = new ArrayList<>();
    // A day earlier: what was repeated then has been shown before.
    Instant look = after.minus(1, ChronoUnit.DAYS);
    LocalDateTime shown = LocalDateTime.ofInstant(look, zone);
    while (look.isBefore(upTo)) {
      look = look.plus(1, ChronoUnit.MINUTES);
      LocalDateTime now = LocalDateTime.ofInstant(look, zone);
      Map<LocalDate, Slot> come = new TreeMap<>();
      while (shown.isBefore(now)) {
        shown = shown.plusMinutes(1);
        if (clock.matches(shown)) {
          come.put(shown.toLocalDate(), new Slot(look, shown));
        }
      }
      if (look.isAfter(after)) {
        slots.addAll(come.values());
      }
    }
    return slots;
  }

  private boolean matches(LocalDateTime time) {
    return field(0, 0).test(time.getMinute())
        && field(1, 0).test(time.getHour())
        && field(3, 1).test(time.getMonthValue())
        && matchesDay(time.toLocalDate());
  }

  private boolean matchesDay(LocalDate date) {
    boolean ofMonth = field(2, 1).test(date.getDayOfMonth());
    int day = date.getDayOfWeek().getValue();
    boolean ofWeek = field(4, 0).test(day) || (day == 7 && field(4, 0).test(0));
    return fields[2].equals("*") || fields[4].equals("*") ? ofMonth && ofWeek : ofMonth || ofWeek;
  }

  private IntPredicate field(int index, int lowest) {
    IntPredicate any = value -> false;
    for (String part : fields[index].split(",")) {
      String[] step = part.split("/");
      int by = step.length > 1 ? Integer.parseInt(step[1]) : 1;
      if (step[0].equals("*")) {
        any = any.or(value -> (value - lowest) % by == 0);
      } else {
        String[] range = step[0].split("-");
        int from = Integer.parseInt(range[0]);
        int to = Integer.parseInt(range[range.length - 1]);
        any = any.or(value -> value >= from && value <= to && (value - from) % by == 0);
      }
    }
    return any;
  }
}
