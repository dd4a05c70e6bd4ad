package dev.caravan.endpoint.batch;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * How a batch ended.
 *
 * @param state a final one
 * @param exitCode empty if none was written down
 * @param reason one sentence
 */
public record Outcome(BatchState state, OptionalInt exitCode, String reason, Instant endedAt) {}
