package dev.caravan.routes.operations;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What went into one phase of sessions.
 *
 * @param amount empty: no price is set
 */
public record PhaseCostView(Duration time, Optional<BigDecimal> amount) {}
