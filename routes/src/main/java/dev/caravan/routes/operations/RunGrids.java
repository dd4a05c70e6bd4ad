package dev.caravan.routes.operations;

import java.time.LocalDate;

/** A pipeline's dates at a glance. For use by many threads. */
public interface RunGrids {

  /**
   * The runs of a span of logical dates and how their jobs stand, in as many queries however many
   * runs there are.
   *
   * @param from the first logical date
   * @param to the last, included
   * @throws OperationException if there is no such pipeline
   */
  RunGrid grid(String pipeline, LocalDate from, LocalDate to);
}
