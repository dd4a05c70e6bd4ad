package dev.caravan.routes.operations;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.steps.ConfiguredCluster;
import dev.caravan.processors.steps.ConfiguredClusters;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.LogPage;
import java.net.URI;
import java.util.Optional;

/** Logs of what runs now, from its cluster's endpoint; all others from where they were shipped. */
public final class EndpointJobLogs implements JobLogs {
  private final ConfiguredClusters clusters;
  private final JobLogs shipped;

  /**
   * @param shipped closed with this
   */
  public EndpointJobLogs(ConfiguredClusters clusters, JobLogs shipped) {
    this.clusters = clusters;
    this.shipped = shipped;
  }

  @Override
  public LogView page(LogRequest request, Run run, JobRun attempt) {
    Optional<ConfiguredCluster> cluster =
        clusters.all().stream()
            .filter(each -> run.clusterId().filter(each.id()::equals).isPresent())
            .findFirst();
    if (attempt.state() != JobState.SUBMITTED || cluster.isEmpty()) {
      return shipped.page(request, run, attempt);
    }
    try {
      return fromEndpoint(request, attempt, cluster.get())
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

  /** Empty if the endpoint does not know the batch: a number may have been given out again. */
  private static Optional<LogView> fromEndpoint(
      LogRequest request, JobRun attempt, ConfiguredCluster cluster) {
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
