package dev.caravan.processors.steps;

import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.shared.FatalException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * Asks for the run of a logical date: the one that the message's header {@code logicalDate} names,
 * or else the date that the pipeline's schedule has for this moment. The header {@code pipeline}
 * names the pipeline; it may be absent where there is only one. The header {@code again} asks for a
 * date that has succeeded already.
 */
public final class ChooseDate extends Step {
  private final Clock clock;
  private final Function<Optional<String>, Pipeline> pipelines;

  /**
   * @param pipelines gives the pipeline of a name, or the only one that there is
   */
  public ChooseDate(Clock clock, Function<Optional<String>, Pipeline> pipelines) {
    this.clock = clock;
    this.pipelines = pipelines;
  }

  @Override
  protected void perform(Exchange exchange) {
    Pipeline pipeline =
        pipelines.apply(
            Optional.ofNullable(exchange.getMessage().getHeader("pipeline", String.class)));
    boolean again = exchange.getMessage().getHeader("again", false, Boolean.class);
    LocalDate date =
        Optional.ofNullable(exchange.getMessage().getHeader("logicalDate", String.class))
            .map(ChooseDate::read)
            .orElseGet(() -> pipeline.dateAt(clock.instant()));
    RunContext context = RunContext.of(exchange);
    context.request(date);
    context.session().request(pipeline.name(), List.of(date), again);
  }

  private static LocalDate read(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new FatalException(
          "The logical date '" + text + "' isn't a date of the form YYYY-MM-DD.", e);
    }
  }
}
