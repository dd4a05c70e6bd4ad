package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Run;
import java.util.Optional;
import java.util.function.Supplier;

/** Logs whose reader is made when the first is asked for: most commands never read one. */
final class LogsOnDemand implements JobLogs {
  private final Supplier<JobLogs> making;
  private Optional<JobLogs> logs = Optional.empty();

  LogsOnDemand(Supplier<JobLogs> making) {
    this.making = making;
  }

  private synchronized JobLogs logs() {
    JobLogs made = logs.orElseGet(making);
    logs = Optional.of(made);
    return made;
  }

  @Override
  public LogView page(LogRequest request, Run run, JobRun attempt) {
    return logs().page(request, run, attempt);
  }

  @Override
  public synchronized void close() {
    logs.ifPresent(JobLogs::close);
  }
}
