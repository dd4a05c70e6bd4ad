package dev.caravan.processors.journal;

import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The rows of applications that several dates of a backfill share. */
final class ApplicationRows {
  private static final RowMapper<SharedApplication> MAPPER =
      (row, context) ->
          new SharedApplication(
              row.getString("batch_key"),
              row.getString("run_id"),
              row.getInt("attempt"),
              SharedApplication.dates(row.getString("dates")),
              row.getObject("submitted_at", OffsetDateTime.class).toInstant());

  private ApplicationRows() {}

  static Optional<SharedApplication> find(Handle handle, String batchKey) {
    return handle
        .createQuery("select * from shared_application where batch_key = ?")
        .bind(0, batchKey)
        .map(MAPPER)
        .findOne();
  }

  /**
   * The application that this run's attempt of the job shares with other dates of its backfill: the
   * one that an earlier run began, or a new one for this date and those that come next. Empty if
   * the date is on its own: it is of no backfill, no other date is left, or it has been in a shared
   * application before, which failed.
   *
   * @param together how many dates an application takes at most
   * @param attempt the number of this run's attempt
   */
  static Optional<SharedApplication> join(
      Handle handle, Run run, String job, int together, int attempt, Instant now) {
    if (together < 2 || run.backfillId().isEmpty()) {
      return Optional.empty();
    }
    long backfill = run.backfillId().get();
    Optional<SharedApplication> begun =
        of(handle, backfill, job).stream()
            .filter(application -> application.dates().contains(run.logicalDate()))
            .findFirst();
    if (begun.isPresent()) {
      return begun.filter(application -> !isTried(handle, run, job, application));
    }
    List<LocalDate> dates =
        Stream.concat(
                Stream.of(run.logicalDate()),
                RunRows.queued(handle, backfill)
                    .filter(next -> JobRows.earlierSuccess(handle, next, job).isEmpty())
                    .map(Run::logicalDate)
                    .limit(together - 1L))
            .toList();
    if (dates.size() < 2) {
      return Optional.empty();
    }
    String key = IdempotencyKey.shared(run.pipeline(), job, run.logicalDate(), backfill).value();
    handle.execute(
        "insert into shared_application (batch_key, backfill_id, job, run_id, attempt, dates, submitted_at) values (?, ?, ?, ?, ?, ?, ?)",
        key,
        backfill,
        job,
        run.id(),
        attempt,
        dates.stream().map(LocalDate::toString).collect(Collectors.joining(",")),
        now);
    return find(handle, key);
  }

  private static List<SharedApplication> of(Handle handle, long backfill, String job) {
    return handle
        .createQuery("select * from shared_application where backfill_id = ? and job = ?")
        .bind(0, backfill)
        .bind(1, job)
        .map(MAPPER)
        .list();
  }

  /** Whether a run of the date has been in it. */
  private static boolean isTried(
      Handle handle, Run run, String job, SharedApplication application) {
    return handle
        .createQuery(
            "select 1 from job_run j join run r on r.id = j.run_id where r.pipeline = ? and r.logical_date = ? and j.job = ? and j.batch_key = ? limit 1")
        .bind(0, run.pipeline())
        .bind(1, run.logicalDate())
        .bind(2, job)
        .bind(3, application.batchKey())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
