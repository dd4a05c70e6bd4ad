package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Run;

/** Reads pages of jobs' logs, wherever these are. For use by many threads. */
public interface JobLogs extends AutoCloseable {

  /**
   * A page of the log of an attempt.
   *
   * @throws OperationException if there is no log of it, or it can't be read now
   */
  LogView page(LogRequest request, Run run, JobRun attempt);

  @Override
  void close();
}
