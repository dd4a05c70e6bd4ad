package dev.caravan.processors.journal;

import dev.caravan.processors.output.OutputReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of jobs' attempts. */
final class JobRows {
  private JobRows() {}

  /** The job's latest attempt in this run. */
  static Optional<JobRun> latest(Handle handle, String runId, String job) {
    return handle
        .createQuery(
            "select * from job_run where run_id = ? and job = ? order by attempt desc limit 1")
        .bind(0, runId)
        .bind(1, job)
        .mapTo(JobRun.class)
        .findOne();
  }

  static boolean isOurs(Handle handle, String batchKey, int batchId) {
    return handle
            .createQuery(
                "select count(*) from job_run where batch_key = ? and (batch_id is null or batch_id = ?)")
            .bind(0, batchKey)
            .bind(1, batchId)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /** All attempts of a run, in the order of submission. */
  static List<JobRun> attempts(Handle handle, String runId) {
    return handle
        .createQuery("select * from job_run where run_id = ? order by submitted_at, job, attempt")
        .bind(0, runId)
        .mapTo(JobRun.class)
        .list();
  }

  /** The latest attempt of each job, in the order in which the jobs were first submitted. */
  static List<JobRun> latest(Handle handle, String runId) {
    Map<String, JobRun> latest = new LinkedHashMap<>();
    attempts(handle, runId).forEach(attempt -> latest.put(attempt.job(), attempt));
    return List.copyOf(latest.values());
  }

  /**
   * The median time from submission to success of the latest attempts that succeeded, without those
   * that were for several dates.
   */
  static Optional<Duration> usual(Handle handle, String pipeline, String job) {
    return usual(handle, pipeline, job, "j.dates = 1");
  }

  /** The same of applications for several dates, each counted once. */
  static Optional<Duration> usualShared(Handle handle, String pipeline, String job) {
    return usual(
        handle,
        pipeline,
        job,
        "j.dates > 1 and j.run_id = (select a.run_id from shared_application a where a.batch_key = j.batch_key)");
  }

  private static Optional<Duration> usual(
      Handle handle, String pipeline, String job, String condition) {
    return SessionRows.median(
        handle
            .createQuery(
                "select j.* from job_run j join run r on r.id = j.run_id where r.pipeline = ? and j.job = ? and j.state in ('SUCCEEDED', 'VERIFIED') and "
                    + condition
                    + " order by r.started_at desc limit "
                    + SessionRows.REMEMBERED)
            .bind(0, pipeline)
            .bind(1, job)
            .mapTo(JobRun.class)
            .map(
                done ->
                    Duration.between(done.submittedAt(), done.endedAt().orElse(done.submittedAt())))
            .list());
  }

  /** The median number of rows in the latest runs of other dates that succeeded. */
  static Optional<Long> usualRows(Handle handle, Run run, String job, int number) {
    List<Long> rows =
        handle
            .createQuery(
                """
                select o.row_count from job_output o join run r on r.id = o.run_id
                join job_run j on j.run_id = o.run_id and j.job = o.job and j.attempt = o.attempt
                where r.pipeline = ? and r.logical_date <> ? and r.state = 'SUCCEEDED' and j.state = 'VERIFIED'
                and o.job = ? and o.number = ? and o.row_count is not null
                order by r.started_at desc, r.id desc limit """
                    + " "
                    + SessionRows.REMEMBERED)
            .bind(0, run.pipeline())
            .bind(1, run.logicalDate())
            .bind(2, job)
            .bind(3, number)
            .mapTo(Long.class)
            .list();
    return rows.stream().sorted().skip(rows.size() / 2).findFirst();
  }

  /** The number of the job's next attempt for the run's date. */
  static int nextAttempt(Handle handle, Run run, String job) {
    return 1
        + handle
            .createQuery(
                "select coalesce(max(j.attempt), 0) from job_run j join run r on r.id = j.run_id where r.pipeline = ? and r.logical_date = ? and j.job = ?")
            .bind(0, run.pipeline())
            .bind(1, run.logicalDate())
            .bind(2, job)
            .mapTo(Integer.class)
            .one();
  }

  static void insert(
      Handle handle,
      String runId,
      String job,
      int attempt,
      String batchKey,
      Instant submittedAt,
      int dates) {
    handle.execute(
        "insert into job_run (run_id, job, attempt, state, batch_key, submitted_at, dates) values (?, ?, ?, ?, ?, ?, ?)",
        runId,
        job,
        attempt,
        JobState.SUBMITTING,
        batchKey,
        submittedAt,
        dates);
  }

  /** Its key is none of a batch: attempts of batches count from 1. */
  static void insertNotRun(Handle handle, Run run, String job, String why, Instant now) {
    handle.execute(
        "insert into job_run (run_id, job, attempt, state, batch_key, submitted_at, ended_at, failure) values (?, ?, 0, ?, ?, ?, ?, ?)",
        run.id(),
        job,
        JobState.UPSTREAM_FAILED,
        run.id() + "/0",
        now,
        now,
        why);
  }

  static void mayFollow(Handle handle, String runId, String job) {
    JobRun known = locked(handle, runId, job);
    handle.execute(
        "update job_run set may_follow = true where run_id = ? and job = ? and attempt = ?",
        runId,
        job,
        known.attempt());
  }

  /** What {@link #carryOver} would take over; nothing for a run that is to begin afresh. */
  static Optional<JobRun> earlierSuccess(Handle handle, Run run, String job) {
    if (run.afresh()) {
      return Optional.empty();
    }
    return handle
        .createQuery(
            """
                select j.* from job_run j join run r on r.id = j.run_id
                where r.pipeline = :pipeline and r.logical_date = :date and j.job = :job and j.state in ('SUCCEEDED', 'VERIFIED') and r.attempt < :attempt
                and r.attempt >= (select coalesce(max(f.attempt), 0) from run f
                  where f.pipeline = :pipeline and f.logical_date = :date and f.afresh and f.attempt < :attempt)
                order by r.attempt desc limit 1""")
        .bind("pipeline", run.pipeline())
        .bind("date", run.logicalDate())
        .bind("job", job)
        .bind("attempt", run.attempt())
        .mapTo(JobRun.class)
        .findOne();
  }

  /**
   * Takes over into the run what an earlier attempt of its date has brought to success, verified or
   * not; nothing before the last attempt that was to begin afresh counts.
   */
  static void carryOver(Handle handle, Run run, String job) {
    if (latest(handle, run.id(), job).isPresent()) {
      return;
    }
    earlierSuccess(handle, run, job)
        .ifPresent(
            done -> {
              handle.execute(
                  """
              insert into job_run (run_id, job, attempt, state, batch_key, batch_id, application_id, submitted_at, ended_at, log_address, dates)
              select ?, job, attempt, state, batch_key, batch_id, application_id, submitted_at, ended_at, log_address, dates
              from job_run where run_id = ? and job = ? and attempt = ?""",
                  run.id(),
                  done.runId(),
                  job,
                  done.attempt());
              handle.execute(
                  """
              insert into job_output (run_id, job, attempt, number, location, objects, bytes, row_count)
              select ?, job, attempt, number, location, objects, bytes, row_count
              from job_output where run_id = ? and job = ? and attempt = ?""",
                  run.id(),
                  done.runId(),
                  job,
                  done.attempt());
            });
  }

  /** A submission that is heard of twice is the same batch. */
  static void submitted(Handle handle, String runId, String job, int batchId) {
    JobRun known = require(handle, runId, job, JobState.SUBMITTED, true);
    handle.execute(
        "update job_run set state = ?, batch_id = ? where run_id = ? and job = ? and attempt = ?",
        JobState.SUBMITTED,
        batchId,
        runId,
        job,
        known.attempt());
  }

  static void logShippedTo(Handle handle, String runId, String job, String address) {
    JobRun known = locked(handle, runId, job);
    handle.execute(
        "update job_run set log_address = ? where run_id = ? and job = ? and attempt = ?",
        address,
        runId,
        job,
        known.attempt());
  }

  static void end(
      Handle handle,
      String runId,
      String job,
      JobState next,
      Optional<String> applicationId,
      Optional<String> failure,
      Instant now) {
    JobRun known = require(handle, runId, job, next, false);
    handle.execute(
        "update job_run set state = ?, application_id = coalesce(?, application_id), ended_at = coalesce(ended_at, ?), failure = ? where run_id = ? and job = ? and attempt = ?",
        next,
        applicationId,
        now,
        failure,
        runId,
        job,
        known.attempt());
  }

  /** Writes what was found of an output; one that is checked once more is written anew. */
  static void output(Handle handle, String runId, String job, int number, OutputReport report) {
    JobRun known = locked(handle, runId, job);
    Transitions.require("Job " + job + " of run " + runId, known.state(), JobState.VERIFIED);
    handle.execute(
        "delete from job_output where run_id = ? and job = ? and attempt = ? and number = ?",
        runId,
        job,
        known.attempt(),
        number);
    handle.execute(
        "insert into job_output (run_id, job, attempt, number, location, objects, bytes, row_count) values (?, ?, ?, ?, ?, ?, ?, ?)",
        runId,
        job,
        known.attempt(),
        number,
        report.location().toString(),
        report.objects(),
        report.bytes(),
        report.rows());
  }

  /** All outputs that were found in a run, in the order of jobs, attempts and definition. */
  static List<JobOutput> outputs(Handle handle, String runId) {
    return handle
        .createQuery("select * from job_output where run_id = ? order by job, attempt, number")
        .bind(0, runId)
        .mapTo(JobOutput.class)
        .list();
  }

  static void verified(Handle handle, String runId, String job) {
    JobRun known = require(handle, runId, job, JobState.VERIFIED, false);
    handle.execute(
        "update job_run set state = ? where run_id = ? and job = ? and attempt = ?",
        JobState.VERIFIED,
        runId,
        job,
        known.attempt());
  }

  private static JobRun require(
      Handle handle, String runId, String job, JobState next, boolean again) {
    JobRun known = locked(handle, runId, job);
    if (!again || known.state() != next) {
      Transitions.require("Job " + job + " of run " + runId, known.state(), next);
    }
    return known;
  }

  private static JobRun locked(Handle handle, String runId, String job) {
    handle
        .createQuery("select attempt from job_run where run_id = ? and job = ? for update")
        .bind(0, runId)
        .bind(1, job)
        .mapTo(Integer.class)
        .list();
    return latest(handle, runId, job)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Job " + job + " of run " + runId + " was never meant to be submitted."));
  }
}
