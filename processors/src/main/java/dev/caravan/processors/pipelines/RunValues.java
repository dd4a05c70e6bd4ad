package dev.caravan.processors.pipelines;

import java.time.LocalDate;
import java.util.List;

/**
 * What the placeholders of a job's texts stand for.
 *
 * @param dates those of the application; {@code date} alone where it has one
 * @param attempt of the job, from 1 on
 */
record RunValues(LocalDate date, List<LocalDate> dates, String run, String job, int attempt) {}
