package dev.caravan.routes.operations;

/**
 * Who asks for something, and why, as the journal keeps it.
 *
 * @param note in that person's words; may be empty text
 */
public record Asker(String name, String note) {}
