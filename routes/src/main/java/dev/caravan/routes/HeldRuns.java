package dev.caravan.routes;

import java.util.function.BooleanSupplier;
import org.apache.camel.impl.engine.DefaultInflightRepository;

/**
 * Counts a session as under way for as long as this process holds its cluster or a run. Camel's own
 * count is zero for a moment between the end of the route and the beginning of the stop that
 * onCompletion calls; a shutdown that looks in that moment takes the routes away before the cluster
 * is stopped.
 */
final class HeldRuns extends DefaultInflightRepository {
  private static final String SESSION = "session";

  private final BooleanSupplier isHolding;

  /**
   * @param isHolding whether this process drives any run or session
   */
  HeldRuns(BooleanSupplier isHolding) {
    this.isHolding = isHolding;
  }

  @Override
  public int size(String routeId) {
    int counted = super.size(routeId);
    return counted == 0 && SESSION.equals(routeId) && isHolding.getAsBoolean() ? 1 : counted;
  }
}
