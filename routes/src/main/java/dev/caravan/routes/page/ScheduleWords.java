package dev.caravan.routes.page;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.routes.operations.ScheduleView;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A schedule in sentences. */
final class ScheduleWords {
  private ScheduleWords() {}

  static List<String> of(ScheduleView schedule) {
    List<String> words = new ArrayList<>();
    words.add(when(schedule) + ", " + zone(schedule.zone()) + ".");
    words.add("A run is for the date of " + date(schedule.date()) + ".");
    words.add(catchUp(schedule));
    words.add(overlap(schedule.overlap()));
    schedule
        .late()
        .ifPresent(late -> words.add("A run is late if it has waited for " + span(late) + "."));
    schedule
        .doneBy()
        .ifPresent(time -> words.add("A run of the date is to have succeeded by " + time + "."));
    return words;
  }

  private static String every(Duration period) {
    String span = span(period);
    return "Every " + (span.matches("1 [a-z]+") ? span.substring(2) : span);
  }

  /** In the largest unit of which it is a whole number, as people set it. */
  private static String span(Duration duration) {
    for (ChronoUnit unit : List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES)) {
      long number = duration.dividedBy(unit.getDuration());
      if (number > 0 && unit.getDuration().multipliedBy(number).equals(duration)) {
        String word = unit.name().toLowerCase(Locale.ROOT);
        return number + " " + (number == 1 ? word.substring(0, word.length() - 1) : word);
      }
    }
    return PageText.duration(duration);
  }

  /** An offset alone is one of UTC. */
  private static String zone(String id) {
    if (id.equals("Z") || id.equals("UTC") || id.equals("Etc/UTC")) {
      return "UTC";
    }
    return id.startsWith("+") || id.startsWith("-") ? "UTC" + id : "in the time zone " + id;
  }

  private static String when(ScheduleView schedule) {
    return schedule
        .cron()
        .map(cron -> CronWords.of(cron).orElseGet(() -> cron(cron)) + " (" + cron + ")")
        .or(() -> schedule.every().map(ScheduleWords::every))
        .orElse("Never");
  }

  /** What the library makes of an unusual one, if it has words for it. */
  private static String cron(String expression) {
    try {
      String words =
          CronDescriptor.instance(Locale.ENGLISH)
              .describe(
                  new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                      .parse(expression));
      return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    } catch (IllegalArgumentException e) {
      return "By a cron expression";
    }
  }

  private static String date(String rule) {
    return switch (rule) {
      case "today" -> "its day";
      case "yesterday" -> "the day before";
      default -> "its day, " + rule;
    };
  }

  private static String catchUp(ScheduleView schedule) {
    CatchUp catchUp = schedule.catchUp();
    String window = span(schedule.catchUpWindow());
    return switch (catchUp) {
      case NONE -> "Times that are missed while no server runs are skipped.";
      case LAST ->
          "Of the times that are missed while no server runs, the latest one is caught up within "
              + window
              + ".";
      case ALL -> "Times that are missed while no server runs are caught up within " + window + ".";
    };
  }

  private static String overlap(Overlap overlap) {
    return switch (overlap) {
      case QUEUE -> "A run that falls due while another one is open waits for it.";
      case QUEUE_ONE ->
          "A run that falls due while another one is open waits for it, unless one waits already.";
      case SKIP -> "A run that falls due while another one is open is skipped.";
      case REPLACE -> "A run that falls due cancels those that are open.";
    };
  }
}
