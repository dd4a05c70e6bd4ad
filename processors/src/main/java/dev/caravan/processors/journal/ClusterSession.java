package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run did to its cluster.
 *
 * @param ours whether this run asked for the start, and so owes the stop
 * @param openedAt when the start was asked, or when the cluster was found running
 * @param operationId the start's operation at the cloud
 * @param stopPending a stop is owed that the cloud hasn't confirmed
 */
public record ClusterSession(
    String runId,
    String clusterId,
    boolean ours,
    Instant openedAt,
    Optional<String> operationId,
    Optional<Instant> stopAskedAt,
    Optional<Instant> stoppedAt,
    boolean stopPending) {}
