package dev.caravan.routes.operations;

import dev.caravan.processors.schedule.BackfillPlan;
import java.time.LocalDate;

/**
 * What a backfill is asked to do.
 *
 * @param from the first logical date
 * @param to the last, included
 */
public record BackfillRequest(
    String pipeline, LocalDate from, LocalDate to, BackfillPlan.Only only, boolean newestFirst) {}
