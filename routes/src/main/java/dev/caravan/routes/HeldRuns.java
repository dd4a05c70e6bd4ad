package dev.caravan.routes;

import java.util.function.BooleanSupplier;
import org.apache.camel.impl.engine.DefaultInflightRepository;

/**
 * Counts a run as under way for as long as this process holds it. Camel's own count is zero for a
 * moment between the end of the pipeline and the beginning of the stop that onCompletion calls; a
 * shutdown that looks in that moment takes the routes away before the cluster is stopped.
 */
final class HeldRuns extends DefaultInflightRepository {
  private static final String PIPELINE = "pipeline";

  private final BooleanSupplier isHolding;

  /**
   * @param isHolding whether this process drives any run
   */
  HeldRuns(BooleanSupplier isHolding) {
    this.isHolding = isHolding;
  }

  @Override
  public int size(String routeId) {
    int counted = super.size(routeId);
    return counted == 0 && PIPELINE.equals(routeId) && isHolding.getAsBoolean() ? 1 : counted;
  }
}
