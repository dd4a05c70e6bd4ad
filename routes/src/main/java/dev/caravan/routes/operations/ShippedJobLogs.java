package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.logs.ShippedLog;
import dev.caravan.processors.logs.ShippedLogs;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.s3.S3Settings;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** Logs as they were shipped to S3. */
public final class ShippedJobLogs implements JobLogs {
  private final Supplier<CamelContext> starting;
  private final AutoCloseable closing;
  private Optional<ShippedLogs> logs = Optional.empty();

  private ShippedJobLogs(Supplier<CamelContext> starting, AutoCloseable closing) {
    this.starting = starting;
    this.closing = closing;
  }

  /** In a context that is somebody else's to close, and whose S3 is configured. */
  public static ShippedJobLogs in(CamelContext camel) {
    return new ShippedJobLogs(() -> camel, () -> {});
  }

  /** In a context of its own, made when the first log is asked for. */
  static ShippedJobLogs of(S3Settings s3) {
    CamelContext camel = new DefaultCamelContext();
    return new ShippedJobLogs(
        () -> {
          S3Component.configure(camel, s3);
          camel.start();
          return camel;
        },
        camel);
  }

  private synchronized ShippedLogs logs() {
    ShippedLogs made = logs.orElseGet(() -> new ShippedLogs(starting.get()));
    logs = Optional.of(made);
    return made;
  }

  @Override
  public LogView page(LogRequest request, Run run, JobRun attempt) {
    String place =
        attempt
            .logAddress()
            .orElseThrow(
                () ->
                    OperationException.notFound(
                        "No log address is known of job "
                            + attempt.job()
                            + " of run "
                            + request.run()
                            + ": its endpoint ships no logs (endpoint.logs-to), or it never accepted the batch."));
    try {
      ShippedLog log =
          logs()
              .find(S3Location.of(place))
              .orElseThrow(
                  () ->
                      OperationException.notFound(
                          "There is no log at "
                              + place
                              + ": it was deleted, or nothing was shipped yet."));
      LogPage page = log.page(request.from(), request.size());
      return new LogView(
          request.run(),
          attempt.job(),
          attempt.attempt(),
          LogView.Source.S3,
          log.manifest().complete(),
          page.from(),
          page.total(),
          page.lines());
    } catch (RetryableException | FatalException e) {
      throw new OperationException(
          OperationException.Reason.UNAVAILABLE,
          "The log at " + place + " can't be read now: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      closing.close();
    } catch (Exception e) {
      throw new IllegalStateException("Camel did not end", e);
    }
  }
}
