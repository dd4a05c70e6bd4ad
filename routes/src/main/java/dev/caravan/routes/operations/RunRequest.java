package dev.caravan.routes.operations;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A run that is asked for.
 *
 * @param date the logical date; empty: the schedule's, as of now
 * @param again also if the date has succeeded, with all its jobs
 */
public record RunRequest(String pipeline, Optional<LocalDate> date, boolean again) {}
