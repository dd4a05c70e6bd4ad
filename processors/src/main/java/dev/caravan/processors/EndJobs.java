package dev.caravan.processors;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Deletion;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills the batches of the run that may still be alive, before the cluster is stopped under them.
 * What can't be killed is said, and does not keep the cluster from being stopped.
 */
public final class EndJobs extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(EndJobs.class);

  /** Each waits up to the response time-out of a call. */
  private static final int MOST_ATTEMPTS = 5;

  private final Journal journal;
  private final BatchClient batches;
  private final Clusters clusters;
  private final MasterEndpoint master;

  public EndJobs(Journal journal, BatchClient batches, Clusters clusters, MasterEndpoint master) {
    this.journal = journal;
    this.batches = batches;
    this.clusters = clusters;
    this.master = master;
  }

  @Override
  protected void perform(Exchange exchange) {
    Optional<Run> run = Scope.findRun(exchange);
    if (run.isEmpty() || Scope.isLeftAlone(exchange)) {
      return;
    }
    List<JobRun> living =
        journal.jobs(run.get()).stream().filter(job -> job.state().isInFlight()).toList();
    if (living.isEmpty()) {
      return;
    }
    Scope.step(exchange, journal, RunStep.END_JOBS, "");
    Optional<URI> endpoint = Scope.findEndpoint(exchange).or(this::findEndpoint);
    endpoint.ifPresent(
        uri ->
            living.forEach(
                job -> batchesOf(uri, job).forEach(id -> kill(exchange, run.get(), uri, job, id))));
  }

  /** For a process that took the run up at its end; where no cluster runs, no job does. */
  private Optional<URI> findEndpoint() {
    try {
      return clusters.look(master.clusterId()).status() == ClusterStatus.RUNNING
          ? master.find()
          : Optional.empty();
    } catch (RetryableException | FatalException e) {
      LOG.error("The cluster could not be asked for its endpoint: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * The batch that was heard of; for a submission whose answer was lost, whatever runs at the
   * endpoint under its name.
   */
  private List<Integer> batchesOf(URI endpoint, JobRun job) {
    if (job.batchId().isPresent()) {
      return List.of(job.batchId().get());
    }
    try {
      return batches.named(endpoint, job.batchKey()).stream()
          .filter(batch -> !batch.isFinished())
          .map(Batch::id)
          .toList();
    } catch (RetryableException | FatalException e) {
      LOG.error(
          "It could not be learnt whether job {} was submitted: {}", job.job(), e.getMessage());
      return List.of();
    }
  }

  private void kill(Exchange exchange, Run run, URI endpoint, JobRun job, int id) {
    boolean asked = false;
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        // A stock Livy gives numbers out again: without a look a stranger's batch would be killed.
        if (batches.get(endpoint, id).filter(job::owns).isPresent()) {
          asked = true;
          if (batches.delete(endpoint, id) == Deletion.CONFIRMED) {
            journal.jobKilled(run, job.job(), "batch " + id);
            return;
          }
        }
        tellGone(run, job, id, asked);
        return;
      } catch (RetryableException | FatalException e) {
        LOG.error(
            "Batch {} of job {} could not be killed before the cluster is stopped: {}",
            id,
            job.job(),
            e.getMessage());
        // A shutdown has no time for more, nor does a refusal change.
        if (e instanceof FatalException || exchange.getContext().isStopping()) {
          return;
        }
      }
    }
  }

  private void tellGone(Run run, JobRun job, int id, boolean asked) {
    if (asked) {
      journal.jobKilled(
          run, job.job(), "batch " + id + " (told to end, and gone from the endpoint since)");
    } else {
      LOG.error(
          "Batch {} of job {} is unknown to the endpoint: whether it still runs can't be said",
          id,
          job.job());
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
