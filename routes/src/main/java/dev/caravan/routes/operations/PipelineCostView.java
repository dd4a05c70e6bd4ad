package dev.caravan.routes.operations;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What a pipeline's runs of a month have cost on a cluster.
 *
 * @param work the time of jobs and verifications
 * @param currency empty, as the amount is: no price is set
 */
public record PipelineCostView(
    String pipeline,
    String cluster,
    int runs,
    Duration work,
    Optional<String> currency,
    Optional<BigDecimal> amount) {}
