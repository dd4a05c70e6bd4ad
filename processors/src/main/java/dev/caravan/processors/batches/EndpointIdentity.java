package dev.caravan.processors.batches;

import java.time.Instant;
import java.util.Optional;

/**
 * What an endpoint says of itself.
 *
 * @param version that of our endpoint; empty: it is another server, such as a stock Livy
 * @param date the time by its clock, in whole seconds; empty if it doesn't say
 */
public record EndpointIdentity(Optional<String> version, Optional<Instant> date) {}
