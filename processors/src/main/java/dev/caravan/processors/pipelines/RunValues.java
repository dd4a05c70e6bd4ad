package dev.caravan.processors.pipelines;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SharedApplication;
import java.time.LocalDate;
import java.util.List;

/**
 * What the placeholders of a job's texts stand for.
 *
 * @param date the logical date
 * @param dates those of the application; {@code date} alone where it has one
 * @param run the id of the run that submitted it
 * @param attempt of the job, from 1 on
 */
public record RunValues(LocalDate date, List<LocalDate> dates, String run, int attempt) {
  public RunValues {
    dates = List.copyOf(dates);
  }

  /** Those of an application for the run's date alone. */
  public static RunValues of(Run run, int attempt) {
    return new RunValues(run.logicalDate(), List.of(run.logicalDate()), run.id(), attempt);
  }

  /** Those of an application for several dates: whichever run submits it, they are the same. */
  public static RunValues of(SharedApplication shared) {
    return new RunValues(shared.dates().get(0), shared.dates(), shared.runId(), shared.attempt());
  }

  /** The same, but for what belongs to one date of the application. */
  RunValues on(LocalDate other) {
    return new RunValues(other, dates, run, attempt);
  }
}
