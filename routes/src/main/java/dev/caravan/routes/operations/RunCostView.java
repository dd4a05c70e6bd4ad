package dev.caravan.routes.operations;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run has cost in a session: its own work, and an equal part of the session's start, stop
 * and idle time.
 *
 * @param work the time of jobs and verifications
 * @param currency empty, as the amount is: no price is set
 */
public record RunCostView(
    String run,
    String pipeline,
    String cluster,
    long session,
    Duration work,
    Optional<String> currency,
    Optional<BigDecimal> amount) {}
