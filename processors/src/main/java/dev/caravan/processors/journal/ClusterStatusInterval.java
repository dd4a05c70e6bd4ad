package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * How long a cluster was seen in one status.
 *
 * @param sessionId the session whose look saw it
 * @param since the look that saw it first
 * @param until the look that saw another status, or the end of the looking; empty: neither came yet
 */
public record ClusterStatusInterval(
    long sessionId, String status, Instant since, Optional<Instant> until) {}
