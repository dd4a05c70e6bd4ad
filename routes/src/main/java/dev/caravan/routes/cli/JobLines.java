package dev.caravan.routes.cli;

import dev.caravan.processors.journal.JobState;
import dev.caravan.routes.operations.AttemptView;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.RunDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run that is under way as lines that change: one for the run, one for each of its jobs. */
final class JobLines {
  private static final int BAR_WIDTH = 20;

  private JobLines() {}

  /**
   * The lines as of now.
   *
   * @param columns each is shorter than that
   */
  static List<String> of(RunDetail detail, Instant now, int columns) {
    int widest = detail.jobs().stream().mapToInt(job -> job.name().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add(
        detail.run().id() + "  " + Cells.duration(Duration.between(detail.run().startedAt(), now)));
    for (JobView job : detail.jobs()) {
      lines.add(
          "  " + job.name() + " ".repeat(widest - job.name().length()) + "  " + line(job, now));
    }
    return lines.stream()
        .map(line -> line.substring(0, Math.min(line.length(), columns - 1)))
        .toList();
  }

  private static String line(JobView job, Instant now) {
    Optional<AttemptView> last = job.lastAttempt();
    if (last.isEmpty()) {
      return bar(0)
          + (job.needs().isEmpty() ? " waits" : " waits for " + String.join(", ", job.needs()));
    }
    AttemptView attempt = last.get();
    if (attempt.state() == JobState.UPSTREAM_FAILED) {
      return bar(0) + " not run, since a job that it needs has failed";
    }
    Duration taken = Duration.between(attempt.submittedAt(), attempt.endedAt().orElse(now));
    boolean done =
        attempt.state() == JobState.VERIFIED
            || attempt.state() == JobState.SUCCEEDED && job.outputs().isEmpty();
    return bar(done ? 1 : share(taken, job.usual()))
        + " "
        + (done ? "done in" : words(attempt.state()))
        + " "
        + Cells.duration(taken)
        + job.usual()
            .filter(usual -> !done)
            .map(usual -> " of about " + Cells.duration(usual))
            .orElse("")
        + (attempt.attempt() > 1 ? ", attempt " + attempt.attempt() : "");
  }

  private static String words(JobState state) {
    return switch (state) {
      case SUBMITTING -> "being submitted";
      case SUBMITTED -> "runs";
      case SUCCEEDED -> "being verified";
      case VERIFIED -> "done in";
      case FAILED -> "failed after";
      case KILLED -> "killed after";
      case UPSTREAM_FAILED -> "not run";
    };
  }

  /** Never all of it before the end; nothing without experience. */
  private static double share(Duration taken, Optional<Duration> usual) {
    return usual
        .filter(time -> !time.isZero())
        .map(time -> Math.min(0.95, (double) taken.toMillis() / time.toMillis()))
        .orElse(0.0);
  }

  private static String bar(double share) {
    int filled = (int) Math.round(BAR_WIDTH * Math.max(0, share));
    return "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "]";
  }
}
