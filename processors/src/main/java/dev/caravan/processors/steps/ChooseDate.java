package dev.caravan.processors.steps;

import dev.caravan.shared.FatalException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Asks for the run of a logical date: the one that the message's header {@code logicalDate} names,
 * or else, for a scheduled run, the date of the tick in the schedule's zone, less an offset in days
 * (1: the day that is complete). The header {@code again} asks for a date that has succeeded
 * already.
 */
public final class ChooseDate extends Step {
  private final Clock clock;
  private final ZoneId zone;
  private final int offsetDays;

  public ChooseDate(Clock clock, ZoneId zone, int offsetDays) {
    this.clock = clock;
    this.zone = zone;
    this.offsetDays = offsetDays;
  }

  @Override
  protected void perform(Exchange exchange) {
    boolean again = exchange.getMessage().getHeader("again", false, Boolean.class);
    LocalDate date =
        Optional.ofNullable(exchange.getMessage().getHeader("logicalDate", String.class))
            .map(ChooseDate::read)
            .orElseGet(() -> ofTick(exchange));
    RunContext context = RunContext.of(exchange);
    context.request(date);
    context.session().request(List.of(date), again);
  }

  private static LocalDate read(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new FatalException(
          "The logical date '" + text + "' isn't a date of the form YYYY-MM-DD.", e);
    }
  }

  private LocalDate ofTick(Exchange exchange) {
    // A cron tick that waited for the run before it belongs to the time it was meant for.
    Instant tick =
        Optional.ofNullable(exchange.getMessage().getHeader("scheduledFireTime", Date.class))
            .map(Date::toInstant)
            .orElseGet(clock::instant);
    return LocalDate.ofInstant(tick, zone).minusDays(offsetDays);
  }
}
