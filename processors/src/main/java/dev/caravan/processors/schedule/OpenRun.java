package dev.caravan.processors.schedule;

import java.time.LocalDate;

/**
 * A run of the pipeline that is queued or running.
 *
 * @param id as the journal knows it
 * @param running false while it is queued
 * @param backfill whether it is part of a backfill. Such a run is in the way of its own date alone:
 *     scheduled runs go before a backfill, and never cancel it.
 */
public record OpenRun(String id, LocalDate date, boolean running, boolean backfill) {}
