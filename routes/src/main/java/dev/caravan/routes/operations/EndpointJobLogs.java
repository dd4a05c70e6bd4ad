package dev.caravan.routes.operations;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.processors.journal.Sessions;
import dev.caravan.processors.steps.ConfiguredCluster;
import dev.caravan.processors.steps.ConfiguredClusters;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.LogPage;
import java.net.URI;
import java.util.Optional;

/**
 * Logs of what runs now, from its cluster's endpoint; all others from where they were shipped. A
 * log is shipped a moment after its job has ended: until then it comes from the endpoint, too.
 */
public final class EndpointJobLogs implements JobLogs {
  private final ConfiguredClusters clusters;
  private final Sessions sessions;
  private final JobLogs shipped;

  /**
   * @param shipped closed with this
   */
  public EndpointJobLogs(ConfiguredClusters clusters, Sessions sessions, JobLogs shipped) {
    this.clusters = clusters;
    this.sessions = sessions;
    this.shipped = shipped;
  }

  @Override
  public LogView page(LogRequest request, Run run, JobRun attempt) {
    return attempt.state() == JobState.SUBMITTED
        ? whileItRuns(request, run, attempt)
        : afterItsEnd(request, run, attempt);
  }

  private LogView whileItRuns(LogRequest request, Run run, JobRun attempt) {
    try {
      return fromEndpoint(request, run, attempt)
          .orElseGet(() -> shipped.page(request, run, attempt));
    } catch (RetryableException | FatalException e) {
      if (attempt.logAddress().isPresent()) {
        return shipped.page(request, run, attempt);
      }
      throw new OperationException(
          OperationException.Reason.UNAVAILABLE,
          "The log of job " + attempt.job() + " can't be read now: " + e.getMessage());
    }
  }

  private LogView afterItsEnd(LogRequest request, Run run, JobRun attempt) {
    try {
      LogView found = shipped.page(request, run, attempt);
      return found.complete() ? found : fromLastEndpoint(request, run, attempt).orElse(found);
    } catch (OperationException e) {
      return fromLastEndpoint(request, run, attempt)
          .orElseThrow(() -> mayStillCome(e, run, attempt) ? notYet(attempt) : e);
    }
  }

  /** Empty if the cluster is gone, or its endpoint can't be asked. */
  private Optional<LogView> fromLastEndpoint(LogRequest request, Run run, JobRun attempt) {
    if (session(run).filter(state -> state != SessionState.STOPPED).isEmpty()) {
      return Optional.empty();
    }
    try {
      return fromEndpoint(request, run, attempt);
    } catch (RetryableException | FatalException e) {
      return Optional.empty();
    }
  }

  private Optional<SessionState> session(Run run) {
    return sessions.of(run).map(ClusterSession::state);
  }

  /** The endpoint ships until its cluster is stopped, also while it answers no more. */
  private boolean mayStillCome(OperationException missing, Run run, JobRun attempt) {
    return missing.reason() == OperationException.Reason.NOT_FOUND
        && attempt.logAddress().isPresent()
        && session(run).filter(SessionState::isOwed).isPresent();
  }

  private static OperationException notYet(JobRun attempt) {
    return new OperationException(
        OperationException.Reason.UNAVAILABLE,
        "The log of job "
            + attempt.job()
            + " is not at "
            + attempt.logAddress().orElseThrow()
            + " yet, and the endpoint does not answer: ask again until the cluster is stopped.");
  }

  /** Empty if the endpoint does not know the batch: a number may have been given out again. */
  private Optional<LogView> fromEndpoint(LogRequest request, Run run, JobRun attempt) {
    Optional<ConfiguredCluster> used = run.clusterId().flatMap(clusters::withId);
    if (used.isEmpty()) {
      return Optional.empty();
    }
    ConfiguredCluster cluster = used.get();
    Optional<URI> endpoint = cluster.master().find();
    if (endpoint.isEmpty() || attempt.batchId().isEmpty()) {
      return Optional.empty();
    }
    int batchId = attempt.batchId().get();
    Optional<Batch> batch = cluster.batches().get(endpoint.get(), batchId).filter(attempt::owns);
    return batch
        .flatMap(
            own -> cluster.batches().log(endpoint.get(), batchId, request.from(), request.size()))
        .map(page -> view(request, attempt, page, batch.get().isFinished()));
  }

  private static LogView view(LogRequest request, JobRun attempt, LogPage page, boolean complete) {
    return new LogView(
        request.run(),
        attempt.job(),
        attempt.attempt(),
        LogView.Source.ENDPOINT,
        complete,
        page.from(),
        page.total(),
        page.lines());
  }

  @Override
  public void close() {
    shipped.close();
  }
}
