package dev.caravan.processors.journal;

import dev.caravan.processors.output.Counted;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The attempts of runs' jobs. For use by many threads. */
public final class Jobs {
  private final Transactions transactions;

  Jobs(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Writes the intent to submit a job. An attempt that is not spent is kept, with its key; after a
   * spent one, or none, a new attempt begins. A job that an earlier run of the date has verified is
   * taken over as it is.
   *
   * @param key the idempotency key of the attempt of that number
   * @param together how many dates of a backfill one application may take; {@link
   *     SharedApplication}
   */
  public JobRun submitting(Run run, String job, IntFunction<String> key, int together) {
    return transactions.inTransaction(
        transaction -> {
          transaction.requireClaim(run);
          JobRows.carryOver(transaction.handle, run, job);
          if (JobRows.latest(transaction.handle, run.id(), job)
              .filter(known -> !known.state().isSpent())
              .isEmpty()) {
            int attempt = JobRows.nextAttempt(transaction.handle, run, job);
            Optional<SharedApplication> shared =
                ApplicationRows.join(
                    transaction.handle, run, job, together, attempt, transaction.now());
            JobRows.insert(
                transaction.handle,
                run.id(),
                job,
                attempt,
                shared.map(SharedApplication::batchKey).orElseGet(() -> key.apply(attempt)),
                shared.map(SharedApplication::submittedAt).orElse(transaction.now()),
                shared.map(application -> application.dates().size()).orElse(1));
          }
          return JobRows.latest(transaction.handle, run.id(), job).orElseThrow();
        });
  }

  /** The same for one date. */
  public JobRun submitting(Run run, String job, IntFunction<String> key) {
    return submitting(run, job, key, 1);
  }

  /** The application of several dates that this attempt is part of; empty if it is of one. */
  public Optional<SharedApplication> application(JobRun job) {
    return job.isShared()
        ? transactions.read(handle -> ApplicationRows.find(handle, job.batchKey()))
        : Optional.empty();
  }

  /** Writes that the job isn't run, since one that it needs has failed; once. */
  public void upstreamFailed(Run run, String job, String why) {
    transactions.write(
        run,
        transaction -> {
          if (JobRows.latest(transaction.handle, run.id(), job).isEmpty()) {
            JobRows.insertNotRun(
                transaction.handle, run, job, Transaction.cut(why), transaction.now());
            transaction.event(run.id(), RunEvent.Kind.JOB_NOT_RUN, job, why);
          }
        });
  }

  public void submitted(Run run, String job, int batchId) {
    transactions.write(
        run,
        transaction -> {
          JobRows.submitted(transaction.handle, run.id(), job, batchId);
          transaction.event(run.id(), RunEvent.Kind.JOB_SUBMITTED, job, "batch " + batchId);
        });
  }

  /**
   * Writes where the log of the job's batch is shipped to: it is read there when the cluster is
   * gone.
   */
  public void logShippedTo(Run run, String job, String address) {
    transactions.write(
        run, transaction -> JobRows.logShippedTo(transaction.handle, run.id(), job, address));
  }

  public void succeeded(Run run, String job, Optional<String> applicationId) {
    transactions.write(
        run,
        transaction -> {
          end(transaction, run, job, JobState.SUCCEEDED, applicationId, Optional.empty());
          transaction.event(run.id(), RunEvent.Kind.JOB_SUCCEEDED, job, "");
        });
  }

  /** Writes that the job has failed, and isn't tried again in this run. */
  public void failed(Run run, String job, Optional<String> applicationId, String failure) {
    failed(run, job, applicationId, failure, false);
  }

  /**
   * Writes that an attempt of the job has failed.
   *
   * @param mayFollow whether another one follows in this run
   */
  public void failed(
      Run run, String job, Optional<String> applicationId, String failure, boolean mayFollow) {
    transactions.write(
        run,
        transaction -> {
          end(transaction, run, job, JobState.FAILED, applicationId, Optional.of(failure));
          if (mayFollow) {
            JobRows.mayFollow(transaction.handle, run.id(), job);
          }
          transaction.event(run.id(), RunEvent.Kind.JOB_FAILED, job, failure);
        });
  }

  /** Writes that the job's batch was ended with the run, and that this was confirmed. */
  public void killed(Run run, String job, String detail) {
    transactions.write(
        run,
        transaction -> {
          end(
              transaction,
              run,
              job,
              JobState.KILLED,
              Optional.empty(),
              Optional.of("It was killed at the end of its run."));
          transaction.event(run.id(), RunEvent.Kind.JOB_KILLED, job, detail);
        });
  }

  private static void end(
      Transaction transaction,
      Run run,
      String job,
      JobState state,
      Optional<String> applicationId,
      Optional<String> failure) {
    JobRows.end(
        transaction.handle,
        run.id(),
        job,
        state,
        applicationId,
        Transaction.cut(failure),
        transaction.now());
  }

  /**
   * Writes that an output keeps its promise; with its last output the job is verified.
   *
   * @param number of the output, from 1, in the order of the definition
   * @param of how many outputs the job promises
   * @param remark is added to the event, for people
   */
  public void verified(
      Run run, String job, int number, int of, OutputReport report, String remark) {
    transactions.write(
        run,
        transaction -> {
          JobRows.output(transaction.handle, run.id(), job, number, report);
          if (number == of) {
            JobRows.verified(transaction.handle, run.id(), job);
          }
          String which = of > 1 ? report.location() + ": " : "";
          transaction.event(
              run.id(), RunEvent.Kind.OUTPUT_VERIFIED, job, which + words(report) + remark);
        });
  }

  /** What was found of the outputs of a run's jobs, in the order of jobs and definition. */
  public List<JobOutput> outputs(Run run) {
    return transactions.read(handle -> JobRows.outputs(handle, run.id()));
  }

  /**
   * How many rows an output usually has: the median of the pipeline's latest runs that succeeded,
   * but for the run's own date; empty without experience.
   *
   * @param number of the output, from 1
   */
  public Optional<Long> usualRows(Run run, String job, int number) {
    return transactions.read(handle -> JobRows.usualRows(handle, run, job, number));
  }

  private static String words(OutputReport report) {
    String rows =
        report.rows().isPresent() ? Counted.of(report.rows().getAsLong(), "row") + " in " : "";
    return rows
        + Counted.of(report.objects(), "object")
        + ", "
        + Counted.of(report.bytes(), "byte");
  }

  /** The job's latest attempt in the run. */
  public Optional<JobRun> find(Run run, String job) {
    return transactions.read(handle -> JobRows.latest(handle, run.id(), job));
  }

  /**
   * The same.
   *
   * @throws FatalException if the job was not submitted in the run
   */
  public JobRun require(Run run, String job) {
    return find(run, job)
        .orElseThrow(() -> new FatalException("Job " + job + " was not submitted."));
  }

  /**
   * Whether the batch at an endpoint is one that a run of this journal sent: by its name, which is
   * its key, and by its number, unless the answer to its submission was never heard.
   */
  public boolean isOurs(String batchName, int batchId) {
    return transactions.read(handle -> JobRows.isOurs(handle, batchName, batchId));
  }

  /** The latest attempt of each job of a run, in the order of their submission. */
  public List<JobRun> latest(Run run) {
    return transactions.read(handle -> JobRows.latest(handle, run.id()));
  }

  /** All attempts of a run's jobs, in the order of their submission. */
  public List<JobRun> attempts(Run run) {
    return transactions.read(handle -> JobRows.attempts(handle, run.id()));
  }

  /**
   * How long the job usually takes from its submission to its success; empty without experience.
   */
  public Optional<Duration> usual(String pipeline, String job) {
    return transactions.read(handle -> JobRows.usual(handle, pipeline, job));
  }
}
