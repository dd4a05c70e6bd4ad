package dev.caravan.processors.journal;

/**
 * An event as it was written.
 *
 * @param id grows with each event, with gaps
 */
public record StoredEvent(long id, RunEvent event) {}
