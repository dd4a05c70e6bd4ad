package dev.caravan.routes.page;

import dev.caravan.processors.cost.Phase;
import dev.caravan.processors.journal.BudgetState;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.routes.cli.Cells;
import dev.caravan.routes.cli.Sentences;
import dev.caravan.routes.operations.BudgetView;
import dev.caravan.routes.operations.EventView;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.RunGrid;
import dev.caravan.routes.operations.RunView;
import dev.caravan.shared.page.StateShape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Values in words. */
final class PageText {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd", Locale.ENGLISH);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm xxx", Locale.ENGLISH);
  private static final int KIB = 1024;

  private PageText() {}

  static String seconds(Instant at) {
    return SECONDS.format(at);
  }

  static String minutes(Instant at) {
    return MINUTES.format(at);
  }

  static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** The first part of {@link #withOffset}. */
  static String day(OffsetDateTime at) {
    return DAY.format(at);
  }

  /** The second part of it. */
  static String time(OffsetDateTime at) {
    return TIME.format(at);
  }

  static String withOffset(OffsetDateTime at) {
    return day(at) + " " + time(at);
  }

  /** As a machine reads it. */
  static String iso(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String duration(Duration duration) {
    return Cells.duration(duration);
  }

  static String duration(Optional<Duration> duration) {
    return duration.map(Cells::duration).orElse("");
  }

  /** From the beginning to the end, or until now. */
  static Duration between(Instant from, Optional<Instant> to, Instant now) {
    return Duration.between(from, to.orElse(now));
  }

  static String money(Optional<BigDecimal> amount, Optional<String> currency) {
    return amount.flatMap(set -> currency.map(unit -> money(set, unit))).orElse("no price set");
  }

  static String money(BigDecimal amount, String currency) {
    return cents(amount) + " " + currency;
  }

  /** Without its currency. */
  static String cents(BigDecimal amount) {
    BigDecimal cents = amount.setScale(2, RoundingMode.HALF_UP);
    return String.format(Locale.ROOT, "%,.2f", cents).replace(',', '\u202F');
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202F');
  }

  /** A number of things, which take an s if they are not one. */
  static String count(long number, String thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
  }

  static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    double value = bytes;
    for (String unit : new String[] {"KiB", "MiB", "GiB"}) {
      value /= KIB;
      if (value < KIB) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
    }
    return String.format(Locale.ROOT, "%.1f TiB", value / KIB);
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String state(RunState state) {
    return lower(state);
  }

  static String state(JobState state) {
    return switch (state) {
      case SUBMITTING -> "being submitted";
      case SUBMITTED -> "running";
      case SUCCEEDED -> "succeeded";
      case VERIFIED -> "verified";
      case FAILED -> "failed";
      case KILLED -> "killed";
      case UPSTREAM_FAILED -> "not run, since a job that it needs failed";
    };
  }

  /** A job of a date in the grid, all of it in words. */
  static String cell(String job, RunGrid.JobCell cell, Instant now) {
    return job
        + ": "
        + state(cell.state())
        + ", "
        + duration(between(cell.submittedAt(), cell.endedAt(), now))
        + cell.failure().map(why -> ", " + why).orElse("");
  }

  /** Of a job that may not have been submitted. */
  static String state(JobView job) {
    return job.state()
        .map(
            state ->
                state == JobState.SUCCEEDED && !job.outputs().isEmpty()
                    ? "succeeded, its output is being verified"
                    : state(state))
        .orElse(
            job.needs().isEmpty() ? "waiting" : "waiting for " + String.join(", ", job.needs()));
  }

  static StateShape shape(JobView job) {
    return job.state().map(StateShapes::of).orElse(StateShape.WAITING);
  }

  static String cause(RunView run) {
    return run.cause().map(PageText::cause).orElse("")
        + run.askedBy().map(who -> " by " + who).orElse("");
  }

  private static String cause(Cause cause) {
    return switch (cause) {
      case SCHEDULE -> "schedule";
      case CATCH_UP -> "catch-up";
      case HAND -> "by hand";
      case BACKFILL -> "backfill";
    };
  }

  /** What follows from how a budget stands. */
  static String words(BudgetView budget) {
    return switch (budget.state()) {
      case WITHIN -> "People are warned at " + budget.warnAt() + " %.";
      case WARNED -> "People have been warned, at " + budget.warnAt() + " %.";
      case EXCEEDED ->
          "It is used up: no date is caught up, and backfills are held. Scheduled runs go on.";
    };
  }

  /** The class of a budget's bar. */
  static String style(BudgetState state) {
    return switch (state) {
      case WITHIN -> "b-succeeded";
      case WARNED -> "b-running";
      case EXCEEDED -> "b-failed";
    };
  }

  static String phase(Phase phase) {
    return switch (phase) {
      case JOBS -> "jobs";
      case FAILED_JOBS -> "failed jobs";
      case VERIFICATION -> "verification";
      case STOP -> "stop";
      case START -> "start";
      case IDLE -> "ready but idle";
    };
  }

  static String sentence(EventView event) {
    return Sentences.sentence(event.event());
  }
}
