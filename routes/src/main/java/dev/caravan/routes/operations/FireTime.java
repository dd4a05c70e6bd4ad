package dev.caravan.routes.operations;

import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * A time at which a pipeline will fall due.
 *
 * @param at with the offset that the schedule's zone has then
 * @param date the logical date of that run
 */
public record FireTime(OffsetDateTime at, LocalDate date) {}
