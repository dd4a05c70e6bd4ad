package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Deletion;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
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
  private final Clusters clusters;

  public EndJobs(Journal journal, Clusters clusters) {
    this.journal = journal;
    this.clusters = clusters;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    SessionContext session = context.session();
    Optional<Run> run = context.findRun();
    if (run.isEmpty() || session.isLeftAlone()) {
      return;
    }
    List<JobRun> living =
        journal.jobs().latest(run.get()).stream().filter(job -> job.state().isInFlight()).toList();
    if (living.isEmpty()) {
      return;
    }
    context.enter(journal, RunStep.END_JOBS);
    try {
      Optional<URI> endpoint = session.findEndpoint().or(() -> findEndpoint(session.cluster()));
      living.forEach(job -> end(exchange, run.get(), endpoint, job));
    } catch (RetryableException e) {
      LOG.error("The cluster could not be asked for its endpoint: {}", e.getMessage());
    }
  }

  /** For a process that took the run up at its end; empty where no cluster runs, and so no job. */
  private Optional<URI> findEndpoint(ConfiguredCluster cluster) {
    if (clusters.look(cluster.id()).status() != ClusterStatus.RUNNING) {
      return Optional.empty();
    }
    Optional<URI> endpoint = cluster.master().find();
    if (endpoint.isEmpty()) {
      throw new RetryableException("the cloud names no master host of a running cluster");
    }
    return endpoint;
  }

  private void end(Exchange exchange, Run run, Optional<URI> endpoint, JobRun job) {
    if (endpoint.isEmpty()) {
      journal
          .jobs()
          .failed(
              run,
              job.job(),
              Optional.empty(),
              "The cluster ended before job %s was seen to end.".formatted(job.job()));
    } else if (job.batchId().isPresent()) {
      kill(exchange, run, endpoint.get(), job, job.batchId().get());
    } else {
      endUnheard(exchange, run, endpoint.get(), job);
    }
  }

  private static BatchClient batches(Exchange exchange) {
    return RunContext.of(exchange).session().cluster().batches();
  }

  /** A submission whose answer was lost: whatever the endpoint has under its name. */
  private void endUnheard(Exchange exchange, Run run, URI endpoint, JobRun job) {
    List<Batch> found;
    try {
      found = batches(exchange).named(endpoint, job.batchKey());
    } catch (RetryableException | FatalException e) {
      LOG.error(
          "It could not be learnt whether job {} was submitted: {}", job.job(), e.getMessage());
      return;
    }
    List<Batch> living = found.stream().filter(batch -> !batch.isFinished()).toList();
    if (living.isEmpty()) {
      journal
          .jobs()
          .failed(
              run,
              job.job(),
              Optional.empty(),
              found.isEmpty()
                  ? "Job %s was never submitted: the endpoint has no batch of it."
                      .formatted(job.job())
                  : "Job %s ended with %s before its submission was answered."
                      .formatted(job.job(), found.get(0).stateWord()));
    }
    living.forEach(batch -> kill(exchange, run, endpoint, job, batch.id()));
  }

  private void kill(Exchange exchange, Run run, URI endpoint, JobRun job, int id) {
    BatchClient batches = batches(exchange);
    boolean asked = false;
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        // A stock Livy gives numbers out again: without a look a stranger's batch would be killed.
        if (batches.get(endpoint, id).filter(job::owns).isPresent()) {
          asked = true;
          if (batches.delete(endpoint, id) == Deletion.CONFIRMED) {
            journal.jobs().killed(run, job.job(), "batch " + id);
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
      journal
          .jobs()
          .killed(
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
