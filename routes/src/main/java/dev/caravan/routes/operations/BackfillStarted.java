package dev.caravan.routes.operations;

import java.util.Optional;

/**
 * What became of a backfill that was asked for.
 *
 * @param backfill empty: no date is to run
 */
public record BackfillStarted(BackfillPlanView plan, Optional<BackfillView> backfill) {}
