package dev.caravan.processors;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the pipeline's logical date. A date that has succeeded already is left alone, and the
 * route is told so by an absent {@code run}.
 */
public final class ClaimRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimRun.class);

  private final Journal journal;
  private final String pipeline;

  public ClaimRun(Journal journal, String pipeline) {
    this.journal = journal;
    this.pipeline = pipeline;
  }

  @Override
  protected void perform(Exchange exchange) {
    LocalDate date = date(exchange.getProperty(Scope.LOGICAL_DATE, String.class));
    boolean again = exchange.getProperty(Scope.AGAIN, false, Boolean.class);
    Optional<Run> run = journal.claim(pipeline, date, again);
    run.ifPresentOrElse(
        claimed -> exchange.setProperty(Scope.RUN, claimed),
        () -> LOG.info("{} of {} has succeeded already; nothing is run", pipeline, date));
  }

  private static LocalDate date(String text) {
    if (text == null) {
      throw new FatalException(
          "No logical date: the route must set the property 'logicalDate' (YYYY-MM-DD) before claimRun.");
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new FatalException(
          "The logical date '" + text + "' isn't a date of the form YYYY-MM-DD.", e);
    }
  }
}
