package dev.caravan.routes.operations;

import dev.caravan.processors.cost.Phase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a cluster has cost in a month.
 *
 * @param cluster by its name in the settings
 * @param currency of all amounts; empty, as they are: no price is set
 * @param time of all sessions, which is what the cloud bills
 * @param phases what that time went into
 * @param used for that time, and for the starts
 * @param disks for the disks, whether the cluster ran or not
 * @param forecast for the whole month, if it goes on like this
 * @param alwaysOn for a cluster that is never stopped, so far
 * @param now of these amounts, that of the session that goes on; empty: none does
 */
public record ClusterCostView(
    String cluster,
    Optional<String> currency,
    int sessions,
    Duration time,
    Map<Phase, PhaseCostView> phases,
    Optional<BigDecimal> used,
    Optional<BigDecimal> disks,
    Optional<BigDecimal> total,
    Optional<BigDecimal> forecast,
    Optional<BigDecimal> alwaysOn,
    Optional<BigDecimal> now) {

  public ClusterCostView {
    phases = Collections.unmodifiableMap(new TreeMap<>(phases));
  }
}
