package dev.caravan.routes.api;

import java.time.Instant;

/**
 * What the server says of itself.
 *
 * @param actor under which name the journal keeps what the caller asks for
 */
public record ServerView(long pid, Instant startedAt, String actor) {}
