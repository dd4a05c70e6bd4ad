package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Deletion;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.BatchState;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.settings.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the job's batch. A look that fails is not a failed job, but a cluster that is no
 * longer running is. At the job's deadline the batch is killed, and that confirmed, before the job
 * is called failed.
 */
public final class AwaitJob extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitJob.class);

  private final Journal journal;
  private final Clusters clusters;
  private final ElapsedClock clock;

  public AwaitJob(Journal journal, Clusters clusters, ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    PipelineJob job = context.jobDefinition();
    context.enterJob(journal, RunStep.AWAIT_JOB);
    JobRun submitted = journal.jobs().require(run, job.name());
    int id =
        submitted
            .batchId()
            .orElseThrow(
                () -> new FatalException("Job " + job.name() + " has no batch at the endpoint."));
    URI endpoint = context.session().endpoint();
    // The time of the intent, so that a process that takes the run up grants no second deadline.
    // Its date counts only there.
    Duration since = context.attemptSince(submitted, clock.elapsedAt(submitted.submittedAt()));
    Duration waited = clock.elapsed().minus(since);
    context
        .work()
        .dueAt(
            clock
                .elapsed()
                .plus(job.pace().next(waited, journal.jobs().usual(run.pipeline(), job.name()))));

    Optional<Batch> batch = look(context, run, endpoint, submitted, id, job);
    if (batch.isPresent() && batch.get().isFinished()) {
      finish(context, run, job, submitted, batch.get());
    } else if (waited.compareTo(timeout(job, submitted)) > 0) {
      kill(context, run, job, submitted, id, batch);
    }
  }

  /** An application for several dates has as many times the time of one. */
  private static Duration timeout(PipelineJob job, JobRun submitted) {
    return job.timeout().multipliedBy(submitted.dates());
  }

  private Optional<Batch> look(
      RunContext context, Run run, URI endpoint, JobRun submitted, int id, PipelineJob job) {
    Optional<Batch> batch;
    try {
      batch = context.session().cluster().batches().get(endpoint, id);
    } catch (RetryableException e) {
      LOG.warn(
          "Batch {} of job {} could not be looked at, will try again: {}",
          id,
          job.name(),
          e.getMessage());
      failIfClusterIsGone(context, run, job);
      return Optional.empty();
    }
    Optional<String> loss = loss(endpoint, batch, submitted, id);
    if (loss.isPresent()) {
      throw failed(
          run,
          job,
          context.work().isToldToEnd(id)
              ? overdue(job, submitted).gone(id, loss.get())
              : "Job %s is lost: %s. Whether it still runs isn't known."
                  .formatted(job.name(), loss.get()));
    }
    return batch;
  }

  /** A stock Livy counts its batches from 0 again after a restart: the name tells whose it is. */
  private static Optional<String> loss(
      URI endpoint, Optional<Batch> batch, JobRun submitted, int id) {
    if (batch.isEmpty()) {
      return Optional.of("the endpoint at %s does not know its batch %d".formatted(endpoint, id));
    }
    if (!submitted.owns(batch.get())) {
      return Optional.of(
          "at %s, number %d is another batch now, named %s (was the server restarted?)"
              .formatted(endpoint, id, batch.get().name().orElse("nothing")));
    }
    return Optional.empty();
  }

  private void failIfClusterIsGone(RunContext context, Run run, PipelineJob job) {
    String clusterId = context.session().cluster().id();
    ClusterStatus status;
    try {
      status = clusters.look(clusterId).status();
    } catch (RetryableException | FatalException e) {
      // A look that fails says nothing of the job, which may be running well.
      LOG.warn("Cluster {} could not be looked at either: {}", clusterId, e.getMessage());
      return;
    }
    if (status == ClusterStatus.STOPPING
        || status == ClusterStatus.STOPPED
        || status == ClusterStatus.ERROR) {
      FatalException gone =
          failed(
              run,
              job,
              "Cluster %s is %s while job %s was running: somebody stopped it, or it broke."
                  .formatted(clusterId, status, job.name()));
      context.session().lose(gone);
      throw gone;
    }
  }

  private FatalException failed(Run run, PipelineJob job, String failure) {
    journal.jobs().failed(run, job.name(), Optional.empty(), failure);
    return new FatalException(failure);
  }

  private static OverdueJob overdue(PipelineJob job, JobRun submitted) {
    return new OverdueJob(job.name(), timeout(job, submitted));
  }

  private void finish(RunContext context, Run run, PipelineJob job, JobRun submitted, Batch batch) {
    if (journal.traces().areKept()) {
      keepStages(context, run, submitted, batch);
    }
    if (batch.state() == BatchState.SUCCESS) {
      journal.jobs().succeeded(run, job.name(), batch.appId());
      context.jobSucceeded(context.jobAttempt());
      return;
    }
    String failure =
        batch.state() == BatchState.KILLED && context.work().isToldToEnd(batch.id())
            ? overdue(job, submitted).killed(batch.id())
            : JobFailure.describe(
                job.name(),
                batch,
                LastLines.of(
                    context.session().cluster().batches(), context.session().endpoint(), batch));
    if (submitted.isShared()) {
      retryAlone(context, run, submitted, batch.appId(), failure);
      return;
    }
    long tries =
        journal.jobs().attempts(run).stream()
            .filter(each -> each.job().equals(job.name()) && !each.isShared())
            .count();
    boolean neverRan = neverRan(context, batch);
    boolean again =
        neverRan
            ? tries <= job.attempts()
            : batch.state() != BatchState.KILLED
                && tries < job.attempts()
                && mayBeTriedAgain(job, batch);
    journal.jobs().failed(run, job.name(), batch.appId(), failure, again);
    if (!again) {
      throw new FatalException(failure);
    }
    LOG.warn(
        "Job {} is tried again{}: {}",
        job.name(),
        job.retryDelay().isZero() ? "" : " in " + Durations.text(job.retryDelay()),
        neverRan
            ? "its batch never ran"
            : "%d of %d attempts were made".formatted(tries, job.attempts()));
    context.retryJob();
    context.work().dueAt(clock.elapsed().plus(job.retryDelay()));
  }

  /** Of an application for several dates once. A job is never failed for its trace. */
  private void keepStages(RunContext context, Run run, JobRun submitted, Batch batch) {
    if (submitted.isShared()
        && journal
            .jobs()
            .application(submitted)
            .filter(shared -> shared.runId().equals(run.id()))
            .isEmpty()) {
      return;
    }
    try {
      journal
          .traces()
          .stages(
              run,
              submitted,
              context
                  .session()
                  .cluster()
                  .batches()
                  .stages(context.session().endpoint(), batch.id()));
    } catch (RetryableException | FatalException e) {
      LOG.warn(
          "The Spark stages of batch {} will be missing in the trace: {}",
          batch.id(),
          e.getMessage());
    }
  }

  /** One date may fail an application for several: each has its own tries after that. */
  private void retryAlone(
      RunContext context,
      Run run,
      JobRun submitted,
      Optional<String> applicationId,
      String failure) {
    journal.jobs().failed(run, submitted.job(), applicationId, failure, true);
    LOG.warn("{} It is tried again for {} alone.", failure, run.logicalDate());
    context.retryJob();
  }

  /**
   * Whether the batch ended before it had a process, for instance with its endpoint: nothing was
   * done, so that one more attempt costs none of the job's own. A stock Livy's error says less.
   */
  private static boolean neverRan(RunContext context, Batch batch) {
    return batch.state() == BatchState.ERROR
        && !context.session().cluster().batches().isStockLivy(context.session().endpoint());
  }

  /** By its exit code, which a stock Livy does not tell. */
  private static boolean mayBeTriedAgain(PipelineJob job, Batch batch) {
    return job.retryOn().isEmpty()
        || JobFailure.exitCode(batch).filter(job.retryOn()::contains).isPresent();
  }

  /**
   * @param batch as this look found it; without one a stranger's might be killed in its place
   */
  private void kill(
      RunContext context,
      Run run,
      PipelineJob job,
      JobRun submitted,
      int id,
      Optional<Batch> batch) {
    if (batch.isEmpty()) {
      throw new RetryableException(
          "Job %s did not end within %s, but its batch %d can't be looked at, nor killed."
              .formatted(job.name(), Durations.text(timeout(job, submitted)), id));
    }
    URI endpoint = context.session().endpoint();
    BatchClient batches = context.session().cluster().batches();
    if (!context.work().isToldToEnd(id)) {
      // A stock Livy forgets the log with the batch.
      LastLines.of(batches, endpoint, batch.get());
      context.work().tellToEnd(id);
    }
    // Not confirmed is retryable: the route comes back here, and kills again.
    Deletion deletion = batches.delete(endpoint, id);
    String failure =
        deletion == Deletion.CONFIRMED
            ? overdue(job, submitted).killed(id)
            : overdue(job, submitted).gone(id, "the endpoint does not know it");
    if (submitted.isShared()) {
      retryAlone(context, run, submitted, Optional.empty(), failure);
      return;
    }
    throw failed(run, job, failure);
  }
}
