package dev.caravan.processors.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Slots of a cron expression. The library is only asked about a calendar without clock changes; in
 * the zone itself it would leave out times that the clocks skip.
 */
final class CronSlots implements Slots {
  private final ExecutionTime calendar;
  private final ZoneRules rules;

  private CronSlots(ExecutionTime calendar, ZoneRules rules) {
    this.calendar = calendar;
    this.rules = rules;
  }

  static CronSlots of(String expression, ZoneId zone) {
    ExecutionTime calendar;
    try {
      calendar =
          ExecutionTime.forCron(
              new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                  .parse(expression));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The cron expression '" + expression + "' can't be read: " + e.getMessage(), e);
    }
    // What comes at all comes within eight years: two leap days are never further apart.
    if (calendar
        .nextExecution(LocalDateTime.of(2000, 1, 1, 0, 0).atZone(ZoneOffset.UTC))
        .isEmpty()) {
      throw new IllegalArgumentException(
          "The cron expression '" + expression + "' never comes: no month has that day.");
    }
    return new CronSlots(calendar, zone.getRules());
  }

  @Override
  public List<Slot> next(Instant after, int n) {
    List<Slot> slots = new ArrayList<>();
    Optional<LocalDateTime> following = following(reached(after));
    while (slots.size() < n && following.isPresent()) {
      Slot slot = slot(following.get());
      slots.add(slot);
      following = following(slot.local());
    }
    return List.copyOf(slots);
  }

  @Override
  public Optional<Slot> latest(Instant upTo) {
    return latest(reached(upTo)).map(this::slot);
  }

  @Override
  public Optional<Slot> latestBefore(LocalDate date) {
    return preceding(date.atStartOfDay()).map(this::slot);
  }

  @Override
  public Optional<Slot> firstOn(LocalDate date) {
    return following(date.atStartOfDay().minusMinutes(1))
        .map(this::slot)
        .filter(slot -> slot.date().equals(date));
  }

  /**
   * The latest minute that a clock in the zone has shown or skipped by then. A slot has come by
   * then if, and only if, its local time is not later.
   */
  private LocalDateTime reached(Instant instant) {
    LocalDateTime shown =
        LocalDateTime.ofEpochSecond(
            instant.getEpochSecond(), instant.getNano(), rules.getOffset(instant));
    ZoneOffsetTransition change = rules.previousTransition(instant.plusNanos(1));
    boolean repeated =
        change != null && change.isOverlap() && shown.isBefore(change.getDateTimeBefore());
    return (repeated ? change.getDateTimeBefore().minusNanos(1) : shown)
        .truncatedTo(ChronoUnit.MINUTES);
  }

  /** The slot that a local time belongs to: itself, or where a gap joins several, their latest. */
  private Slot slot(LocalDateTime local) {
    ZoneOffsetTransition skipped = rules.getTransition(local);
    // Of a repeated time the first offset is the one before the change.
    Instant at =
        skipped != null && skipped.isGap()
            ? skipped.getInstant()
            : local.toInstant(rules.getValidOffsets(local).get(0));
    return gap(at)
        .flatMap(gap -> latest(earlier(gap.getDateTimeAfter(), local.with(LocalTime.MAX))))
        .map(latest -> new Slot(at, latest))
        .orElseGet(() -> new Slot(at, local));
  }

  /** The gap that ends at an instant. */
  private Optional<ZoneOffsetTransition> gap(Instant at) {
    return Optional.ofNullable(rules.previousTransition(at.plusNanos(1)))
        .filter(change -> change.isGap() && change.getInstant().equals(at));
  }

  private static LocalDateTime earlier(LocalDateTime one, LocalDateTime other) {
    return one.isBefore(other) ? one : other;
  }

  private Optional<LocalDateTime> following(LocalDateTime local) {
    return calendar.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  private Optional<LocalDateTime> latest(LocalDateTime local) {
    return preceding(local.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1));
  }

  private Optional<LocalDateTime> preceding(LocalDateTime local) {
    return calendar.lastExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
