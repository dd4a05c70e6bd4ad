package dev.caravan.shared.cloud;

import java.util.Optional;

/**
 * A long-running operation of the cloud. An error may appear before {@code done}; either way the
 * operation has failed.
 *
 * @param error the cloud's own words, with its code (for example {@code RESOURCE_EXHAUSTED: quota
 *     ... exceeded})
 */
public record Operation(String id, boolean done, Optional<String> error) {}
