package dev.caravan.processors.schedule;

import java.time.Duration;

/**
 * What a pipeline wants done with its slots.
 *
 * @param daysBefore the logical date of a slot is its date less this many days
 * @param catchUpWindow a missed slot older than this is never caught up
 */
public record DuePolicy(int daysBefore, CatchUp catchUp, Duration catchUpWindow, Overlap overlap) {}
