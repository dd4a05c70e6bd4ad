package dev.caravan.routes.operations;

import java.time.Instant;
import java.util.Optional;

/**
 * How long a cluster was seen in one status.
 *
 * @param until the look that saw another one; empty: that has not come
 */
public record StatusView(String status, Instant since, Optional<Instant> until) {}
