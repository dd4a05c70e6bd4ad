package dev.caravan.routes.operations;

import java.time.Instant;

/** Since when a pipeline is paused, by whom and why; the note may be empty text. */
public record PauseView(Instant at, String by, String note) {}
