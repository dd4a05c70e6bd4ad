package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/**
 * One Spark application for several dates of a backfill. Each date's run submits it under the same
 * key, gets the one batch, and verifies what it left for its own date.
 *
 * @param batchKey its idempotency key, which is its batch's name, too
 * @param runId the run that was first to submit it
 * @param attempt the number of that run's attempt of the job
 * @param dates in the order of their runs; the first is that of {@code runId}
 * @param submittedAt when the first run meant to submit it
 */
public record SharedApplication(
    String batchKey, String runId, int attempt, List<LocalDate> dates, Instant submittedAt) {

  public SharedApplication {
    dates = List.copyOf(dates);
  }

  static List<LocalDate> dates(String text) {
    return Arrays.stream(text.split(",")).map(LocalDate::parse).toList();
  }
}
