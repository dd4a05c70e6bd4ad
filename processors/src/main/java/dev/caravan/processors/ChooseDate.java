package dev.caravan.processors;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Sets the logical date of a scheduled run: the date of the tick in the schedule's zone, less an
 * offset in days (1: the day that is complete).
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
    // A cron tick that waited for the run before it belongs to the time it was meant for.
    Instant tick =
        Optional.ofNullable(exchange.getMessage().getHeader("scheduledFireTime", Date.class))
            .map(Date::toInstant)
            .orElseGet(clock::instant);
    LocalDate date = LocalDate.ofInstant(tick, zone).minusDays(offsetDays);
    exchange.setProperty(Scope.LOGICAL_DATE, date.toString());
  }
}
