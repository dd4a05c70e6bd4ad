package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.PagedLog;
import dev.caravan.shared.batches.PagedLog.Section;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Following the log of a job that has ended: its end is shipped a moment later. */
class RemoteLogsTest {
  private static final String RUN = "marts/2026-07-01/1";

  private final StringWriter out = new StringWriter();

  /** What a look at the log finds. */
  private interface Look {
    LogView page(LogRequest request);
  }

  private static Look log(boolean complete, String... stdout) {
    return request -> {
      LogPage page =
          new PagedLog(
                  Section.of(List.of("caravan: batch 1")),
                  Section.of(List.of(stdout)),
                  Section.of(List.of()),
                  Section.of(List.of()))
              .page(request.from(), request.size());
      return new LogView(
          RUN, "mart", 1, LogView.Source.S3, complete, page.from(), page.total(), page.lines());
    };
  }

  private static Look fails(OperationException.Reason reason, String message) {
    return request -> {
      throw new OperationException(reason, message);
    };
  }

  private static RunDetail run(SessionState session) {
    RunView run =
        new RunView(
            RUN,
            "marts",
            LocalDate.of(2026, 7, 1),
            1,
            Optional.empty(),
            RunState.SUCCEEDED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Optional.of(Instant.EPOCH),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    JobView job =
        new JobView(
            "mart",
            List.of(),
            Optional.of(JobState.VERIFIED),
            Optional.empty(),
            List.of(),
            List.of());
    SessionView used =
        new SessionView(
            1,
            "main",
            "c9q",
            true,
            session,
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(RUN));
    return new RunDetail(run, List.of(), List.of(job), Optional.of(used), List.of());
  }

  /** Follows the log; each look finds the next of these, and then always the last. */
  private String follow(SessionState session, Look... looks) throws Exception {
    AtomicInteger asked = new AtomicInteger(-2); // once for the jobs, then before each look
    ControlPlane plane =
        (ControlPlane)
            Proxy.newProxyInstance(
                RemoteLogsTest.class.getClassLoader(),
                new Class<?>[] {ControlPlane.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("run")) {
                    asked.incrementAndGet();
                    return run(session);
                  }
                  return looks[Math.min(asked.get(), looks.length - 1)].page(
                      (LogRequest) arguments[0]);
                });
    RemoteLogs.of(
            plane,
            Optional.of(RUN),
            new PipelineOption(),
            Optional.empty(),
            Optional.empty(),
            new PrintWriter(out))
        .follow(Optional.empty());
    return out.toString();
  }

  @Test
  void logIsFollowedUntilItsEndIsThere() throws Exception {
    assertThat(
            follow(
                SessionState.STOP_ASKED,
                fails(OperationException.Reason.UNAVAILABLE, "ask again"),
                log(false, "a line", "half"),
                log(true, "a line", "half and all")))
        .isEqualTo("== mart\nstdout: \ncaravan: batch 1\na line\nhalf and all\n");
  }

  @Test
  void endThatIsMissingForGoodIsSaid() throws Exception {
    assertThat(follow(SessionState.STOPPED, log(false, "a line", "half")))
        .contains("a line\n")
        .endsWith(
            "(The end of this log is missing: it was not shipped before the cluster was stopped.)\n");
  }

  @Test
  void logThatIsGoneIsNotWaitedFor() throws Exception {
    assertThat(
            follow(
                SessionState.LEFT_RUNNING,
                fails(OperationException.Reason.NOT_FOUND, "It was deleted.")))
        .isEqualTo("== mart\n(The rest of this log can't be read. It was deleted.)\n");
  }
}
