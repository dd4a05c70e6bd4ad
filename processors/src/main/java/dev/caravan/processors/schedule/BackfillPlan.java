package dev.caravan.processors.schedule;

import dev.caravan.processors.schedule.LastRun.Group;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a backfill does with each of its dates, shown before it begins.
 *
 * @param dates each date once, in the order in which they run
 */
public record BackfillPlan(List<Entry> dates) {
  /** How many dates a backfill spans at most: ten years. */
  public static final int MOST_DATES = 3_660;

  public BackfillPlan {
    dates = List.copyOf(dates);
  }

  /** Which dates run. A date with an open run never does. */
  public enum Only {
    /** Those without a successful run: missing and failed ones. */
    UNFINISHED(Group.MISSING, Group.FAILED),
    /** Those without a run, or whose slot was skipped. */
    MISSING(Group.MISSING),
    /** Those whose latest run failed, was interrupted or cancelled. */
    FAILED(Group.FAILED),
    /** Those that succeeded before, too. */
    ALL(Group.MISSING, Group.FAILED, Group.DONE);

    private final Set<Group> groups;

    Only(Group first, Group... others) {
      this.groups = Collections.unmodifiableSet(EnumSet.of(first, others));
    }
  }

  /**
   * What is asked for.
   *
   * @param from the first logical date
   * @param to the last logical date, included
   * @param newestFirst whether the dates run from the last to the first
   */
  public record Request(LocalDate from, LocalDate to, Only only, boolean newestFirst) {
    /**
     * Checks the dates.
     *
     * @throws IllegalArgumentException if there are none or too many
     */
    public Request {
      if (to.isBefore(from)) {
        throw new IllegalArgumentException(
            "The backfill's last date %s is before its first date %s.".formatted(to, from));
      }
      long span = ChronoUnit.DAYS.between(from, to) + 1;
      if (span > MOST_DATES) {
        throw new IllegalArgumentException(
            "The backfill spans %d dates, from %s to %s; at most %d are possible. Split it."
                .formatted(span, from, to, MOST_DATES));
      }
    }
  }

  /**
   * What the calendar and the journal say of the dates.
   *
   * @param latestDue the latest logical date whose slot has come
   * @param scheduled whether the schedule has a slot for a logical date; always, for a pipeline
   *     without a schedule
   * @param lastRun how the latest run of a logical date stands
   */
  public record History(
      LocalDate latestDue, Predicate<LocalDate> scheduled, Function<LocalDate, LastRun> lastRun) {}

  /**
   * A date of the plan.
   *
   * @param runs whether it runs, or else is left out
   * @param reason how the date stands, and so why it runs or not
   */
  public record Entry(LocalDate date, boolean runs, String reason) {}

  /** The plan for a request. */
  public static BackfillPlan of(Request request, History history) {
    List<Entry> entries =
        request
            .from()
            .datesUntil(request.to().plusDays(1))
            .map(date -> entry(date, request.only(), history))
            .collect(Collectors.toCollection(ArrayList::new));
    if (request.newestFirst()) {
      Collections.reverse(entries);
    }
    return new BackfillPlan(entries);
  }

  private static Entry entry(LocalDate date, Only only, History history) {
    if (date.isAfter(history.latestDue())) {
      return new Entry(date, false, "not due yet");
    }
    if (!history.scheduled().test(date)) {
      return new Entry(date, false, "not in the schedule");
    }
    LastRun last = history.lastRun().apply(date);
    return new Entry(date, only.groups.contains(last.group()), last.reason());
  }

  /** The dates that run, in their order. */
  public List<LocalDate> toRun() {
    return dates.stream().filter(Entry::runs).map(Entry::date).toList();
  }

  /**
   * Dates that share one application: consecutive ones in the order of their run.
   *
   * @param together how many one application takes
   * @throws IllegalArgumentException if that is less than one
   */
  public static List<List<LocalDate>> chunks(List<LocalDate> dates, int together) {
    return IntStream.range(0, applications(dates.size(), together))
        .mapToObj(chunk -> dates.stream().skip((long) chunk * together).limit(together).toList())
        .toList();
  }

  /** How many applications a number of dates takes. */
  static int applications(int dates, int together) {
    if (together < 1) {
      throw new IllegalArgumentException(
          "An application takes at least one date, not " + together + ".");
    }
    return Math.floorDiv(dates - 1, together) + 1;
  }
}
