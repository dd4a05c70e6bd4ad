package dev.caravan.processors;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
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
    LocalDate date = LocalDate.ofInstant(clock.instant(), zone).minusDays(offsetDays);
    exchange.setProperty(Scope.LOGICAL_DATE, date.toString());
  }
}
