package dev.caravan.processors.schedule;

import java.time.LocalDate;

/**
 * A run of the pipeline that is queued or running.
 *
 * @param id as the journal knows it
 * @param running false while it is queued
 */
public record OpenRun(String id, LocalDate date, boolean running) {}
