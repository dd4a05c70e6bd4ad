package dev.caravan.processors;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.BatchState;
import dev.caravan.processors.batches.LogPage;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  private final BatchClient batches;
  private final Clusters clusters;
  private final String clusterId;
  private final JobConfigs jobs;
  private final Clock clock;

  public AwaitJob(
      Journal journal,
      BatchClient batches,
      Clusters clusters,
      String clusterId,
      JobConfigs jobs,
      Clock clock) {
    this.journal = journal;
    this.batches = batches;
    this.clusters = clusters;
    this.clusterId = clusterId;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Run run = Scope.run(exchange);
    JobConfig job = jobs.get(Scope.job(exchange));
    Instant since = Scope.since(exchange, "job." + job.name(), clock.instant());
    JobRun submitted =
        journal
            .job(run, job.name())
            .orElseThrow(() -> new FatalException("Job " + job.name() + " was not submitted."));
    int id =
        submitted
            .batchId()
            .orElseThrow(
                () -> new FatalException("Job " + job.name() + " has no batch at the endpoint."));
    URI endpoint = Scope.endpoint(exchange);
    Scope.pause(exchange, job.poll());

    Optional<Batch> batch = look(run, endpoint, id, job);
    if (batch.isPresent() && batch.get().state().isFinished()) {
      finish(exchange, run, job, endpoint, batch.get());
    } else if (Duration.between(since, clock.instant()).compareTo(job.timeout()) > 0) {
      kill(run, job, endpoint, id);
    }
  }

  private Optional<Batch> look(Run run, URI endpoint, int id, JobConfig job) {
    Optional<Batch> batch;
    try {
      batch = batches.get(endpoint, id);
    } catch (RetryableException e) {
      LOG.warn(
          "Batch {} of job {} could not be looked at, will try again: {}",
          id,
          job.name(),
          e.getMessage());
      failIfClusterIsGone(run, job);
      return Optional.empty();
    }
    if (batch.isEmpty()) {
      throw failed(
          run,
          job,
          "Job %s is lost: the endpoint at %s does not know its batch %d."
              .formatted(job.name(), endpoint, id));
    }
    return batch;
  }

  private void failIfClusterIsGone(Run run, JobConfig job) {
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
      throw failed(
          run,
          job,
          "Cluster %s is %s while job %s was running: somebody stopped it, or it broke."
              .formatted(clusterId, status, job.name()));
    }
  }

  private FatalException failed(Run run, JobConfig job, String failure) {
    journal.jobFailed(run, job.name(), Optional.empty(), failure);
    return new FatalException(failure);
  }

  private void finish(Exchange exchange, Run run, JobConfig job, URI endpoint, Batch batch) {
    if (batch.state() == BatchState.SUCCESS) {
      journal.jobSucceeded(run, job.name(), batch.appId());
      exchange.setProperty(Scope.JOB_FINISHED, true);
      Scope.pause(exchange, Duration.ZERO);
      return;
    }
    String failure = JobFailure.describe(job.name(), batch, log(endpoint, batch));
    journal.jobFailed(run, job.name(), batch.appId(), failure);
    throw new FatalException(failure);
  }

  private List<String> log(URI endpoint, Batch batch) {
    try {
      return batches.log(endpoint, batch.id(), -1, 100).map(LogPage::lines).orElse(batch.log());
    } catch (RetryableException e) {
      LOG.warn("The log of batch {} could not be read: {}", batch.id(), e.getMessage());
      return batch.log();
    }
  }

  private void kill(Run run, JobConfig job, URI endpoint, int id) {
    // Not confirmed is retryable: the route comes back here, and kills again.
    batches.delete(endpoint, id);
    String failure =
        "Job %s did not end within %s and its batch %d was killed (caravan.job.%s.timeout)."
            .formatted(job.name(), Durations.text(job.timeout()), id, job.name());
    throw failed(run, job, failure);
  }
}
