package dev.caravan.routes;

import dev.caravan.processors.journal.RunEvent;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows on a terminal or in a log what a run does: one line per step with the time since the
 * beginning, and where a person watches a bar of the steps that are done. Called on the threads of
 * the run.
 */
final class Progress implements Consumer<RunEvent> {
  private static final int BAR_WIDTH = 30;
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final boolean terminal;
  private final Clock clock;
  private final Instant begin;
  private final int steps;
  private int done;

  /**
   * @param jobs how many jobs the run has
   */
  Progress(PrintStream out, boolean terminal, int jobs, Clock clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
    this.begin = clock.instant();
    // Claimed, cluster ready, three steps a job, stop asked, run ended.
    this.steps = 4 + 3 * jobs;
  }

  @Override
  public synchronized void accept(RunEvent event) {
    if (isStep(event.kind())) {
      done = Math.min(steps, done + 1);
    }
    line(sentence(event));
  }

  private static boolean isStep(RunEvent.Kind kind) {
    return switch (kind) {
      case RUN_CLAIMED,
          ENDPOINT_READY,
          JOB_SUBMITTED,
          JOB_ENDED,
          OUTPUT_VERIFIED,
          CLUSTER_STOP_ASKED,
          RUN_ENDED ->
          true;
      case RUN_CONTINUED,
          RUN_HANDED_OVER,
          CLUSTER_START_ASKED,
          CLUSTER_FOUND_RUNNING,
          CLUSTER_STATUS,
          JOB_KILLED,
          CLUSTER_LEFT_RUNNING,
          STOP_FAILED ->
          false;
    };
  }

  /** The event in words, without its run. */
  static String sentence(RunEvent event) {
    String subject = event.subject();
    String detail = event.detail();
    return switch (event.kind()) {
      case RUN_CLAIMED -> "run " + event.runId() + " begins";
      case RUN_CONTINUED -> "run " + event.runId() + " goes on";
      case RUN_HANDED_OVER -> "run " + event.runId() + " is left to the next process";
      case CLUSTER_START_ASKED -> "starting cluster " + subject;
      case CLUSTER_FOUND_RUNNING ->
          "cluster " + subject + " is running already: it is not ours to stop";
      case CLUSTER_STATUS -> "cluster is " + subject;
      case ENDPOINT_READY -> "endpoint " + subject + " is ready";
      case JOB_SUBMITTED -> subject + ": submitted as " + detail;
      case JOB_ENDED ->
          detail.equals("success")
              ? subject + ": ended with success, verifying its output"
              : detail;
      case JOB_KILLED -> subject + ": killed, " + detail;
      case OUTPUT_VERIFIED -> subject + ": verified, " + detail;
      case CLUSTER_STOP_ASKED -> "stopping cluster " + subject;
      case CLUSTER_LEFT_RUNNING -> "cluster " + subject + " is left running: " + detail;
      case STOP_FAILED -> "ALARM: cluster " + subject + " may still be running: " + detail;
      case RUN_ENDED -> "run " + subject + (detail.isEmpty() ? "" : ": " + detail);
    };
  }

  private void line(String text) {
    Duration elapsed = Duration.between(begin, clock.instant());
    out.printf(
        Locale.ROOT,
        "%s[%6.1fs] %s%n",
        terminal ? ERASE_LINE : "",
        elapsed.toMillis() / 1000.0,
        text);
    if (terminal && done < steps) {
      int filled = BAR_WIDTH * done / steps;
      out.printf("[%s%s] %d/%d", "#".repeat(filled), ".".repeat(BAR_WIDTH - filled), done, steps);
    }
    out.flush();
  }
}
