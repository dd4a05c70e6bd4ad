package dev.caravan.routes.cli;

import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The logs of a run, as a server gives them. */
public final class RemoteLogs {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** A log is shipped a moment after its job has ended. */
  private static final int LOOKS_AFTER_END = 30;

  private static final int MOST_ATTEMPTS = PageRequest.MOST;

  private final ControlPlane plane;
  private final String run;
  private final PrintWriter out;

  private RemoteLogs(ControlPlane plane, String run, PrintWriter out) {
    this.plane = plane;
    this.run = run;
    this.out = out;
  }

  /**
   * Those of a run.
   *
   * @param run its id; empty: it is found by the others
   * @param date empty: that of the latest run
   * @param attempt empty: the last
   * @throws OperationException if there is none
   */
  public static RemoteLogs of(
      ControlPlane plane,
      Optional<String> run,
      PipelineOption pipeline,
      Optional<LocalDate> date,
      Optional<Integer> attempt,
      PrintWriter out) {
    return new RemoteLogs(plane, run.orElseGet(() -> find(plane, pipeline, date, attempt)), out);
  }

  private static String find(
      ControlPlane plane,
      PipelineOption pipeline,
      Optional<LocalDate> date,
      Optional<Integer> attempt) {
    String name = pipeline.choose(plane);
    return plane
        .runs(RunFilter.of(Optional.of(name), date), PageRequest.first(MOST_ATTEMPTS))
        .items()
        .stream()
        .filter(each -> attempt.map(number -> number == each.attempt()).orElse(true))
        .findFirst()
        .map(RunView::id)
        .orElseThrow(
            () ->
                new OperationException(
                    OperationException.Reason.NOT_FOUND,
                    "The journal has no run of "
                        + name
                        + date.map(day -> " for " + day).orElse("")
                        + attempt.map(number -> ", attempt " + number).orElse("")
                        + "."));
  }

  /**
   * The logs by the names of their jobs.
   *
   * @param job one alone
   */
  public Map<String, LogPages> pages(Optional<String> job) {
    Map<String, LogPages> found = new LinkedHashMap<>();
    plane.run(run).jobs().stream()
        .filter(each -> job.map(name -> name.equals(each.name())).orElse(true))
        .filter(RemoteLogs::wasSubmitted)
        .forEach(each -> found.put(each.name(), pages(each.name())));
    if (found.isEmpty()) {
      throw new OperationException(
          OperationException.Reason.NOT_FOUND,
          "In run " + run + " no job " + job.map(name -> name + " ").orElse("") + "was submitted.");
    }
    return found;
  }

  private static boolean wasSubmitted(JobView job) {
    return job.state().filter(state -> state != JobState.UPSTREAM_FAILED).isPresent();
  }

  private LogPages pages(String job) {
    return (from, size) -> plane.log(new LogRequest(run, job, Optional.empty(), (int) from, size));
  }

  /**
   * Prints the logs as they grow, job by job, until the run has ended.
   *
   * @param job one alone
   */
  public void follow(Optional<String> job) throws InterruptedException {
    for (JobView each : plane.run(run).jobs()) {
      if (job.map(name -> name.equals(each.name())).orElse(true)) {
        follow(each.name());
      }
    }
  }

  private void follow(String job) throws InterruptedException {
    LogPrinter printer = new LogPrinter(pages(job), out);
    boolean begun = false;
    int looksLeft = LOOKS_AFTER_END;
    while (true) {
      // Before the look, which then has all there is.
      RunDetail detail = plane.run(run);
      Optional<JobState> state =
          detail.jobs().stream()
              .filter(each -> each.name().equals(job))
              .filter(RemoteLogs::wasSubmitted)
              .findFirst()
              .flatMap(JobView::state);
      boolean over = !detail.run().state().isOpen() || state.filter(RemoteLogs::isOver).isPresent();
      if (state.isPresent() && !begun) {
        out.println("== " + job);
        begun = true;
      }
      boolean last = over && (looksLeft == 0 || isStopped(detail));
      if (state.isPresent() ? look(printer, over, last) : over) {
        return;
      }
      looksLeft -= over ? 1 : 0;
      Thread.sleep(LOOK.toMillis());
    }
  }

  private static boolean isOver(JobState state) {
    return !state.isInFlight();
  }

  /** Nothing is shipped any more. */
  private static boolean isStopped(RunDetail detail) {
    return detail.session().filter(each -> each.state() == SessionState.STOPPED).isPresent();
  }

  /**
   * A log that isn't there yet, or is being moved to S3, is asked for again; at the end of a job
   * whose endpoint ships no logs there is none any more.
   *
   * @return whether nothing more comes
   */
  private boolean look(LogPrinter printer, boolean over, boolean last) {
    try {
      boolean complete = printer.printNew();
      if (last && !complete) {
        say("The end of this log is missing: it was not shipped before the cluster was stopped.");
      }
      return complete || last;
    } catch (OperationException e) {
      boolean gone = over && e.reason() == OperationException.Reason.NOT_FOUND;
      if (gone || last) {
        say("The rest of this log can't be read. " + e.getMessage());
      }
      return gone || last;
    }
  }

  private void say(String words) {
    out.println("(" + words + ")");
    out.flush();
  }
}
