package dev.caravan.routes.page;

import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.routes.operations.AttemptView;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.SessionView;
import dev.caravan.routes.operations.StepView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The picture of a run: a lane for its cluster and one for each job, from the beginning of the run
 * to its end, the stop of the cluster included if no other run used it after this one.
 *
 * @param ticks times at even distances, the first and the last included
 */
record Timeline(List<Lane> lanes, List<String> ticks) {
  /** The width of a lane, which has no unit: the picture is as wide as there is room. */
  static final int WIDTH = 1000;

  private static final int TICKS = 5;
  private static final double LEAST_WIDTH = 3;

  /**
   * What happens to one thing.
   *
   * @param text all of it in words
   * @param usual how long it usually takes, or empty text
   */
  record Lane(String name, List<Bar> bars, String text, String usual) {}

  /**
   * A span of time.
   *
   * @param style the class of the style
   */
  record Bar(String x, String width, String style, String title) {}

  static Timeline of(RunDetail detail, Instant now) {
    return new Drawing(detail, now).draw();
  }

  private static final class Drawing {
    private final RunDetail detail;
    private final Instant now;
    private final Instant from;
    private final Instant to;

    Drawing(RunDetail detail, Instant now) {
      this.detail = detail;
      this.now = now;
      this.from = detail.run().startedAt();
      Instant end = detail.run().endedAt().orElse(now);
      Instant stopped =
          detail
              .session()
              .filter(this::isLastOf)
              .map(
                  session ->
                      session.stoppedAt().orElse(session.stopAskedAt().isPresent() ? now : end))
              .orElse(end);
      Instant latest = stopped.isAfter(end) ? stopped : end;
      // An axis needs a length.
      this.to = latest.isAfter(from.plusSeconds(1)) ? latest : from.plusSeconds(1);
    }

    private boolean isLastOf(SessionView session) {
      List<String> runs = session.runs();
      return !runs.isEmpty() && runs.get(runs.size() - 1).equals(detail.run().id());
    }

    Timeline draw() {
      List<Lane> lanes = new ArrayList<>();
      detail.session().ifPresent(session -> lanes.add(cluster(session)));
      detail.jobs().forEach(job -> lanes.add(job(job)));
      List<String> ticks = new ArrayList<>();
      Duration all = Duration.between(from, to);
      for (int i = 0; i < TICKS; i++) {
        ticks.add(PageText.clock(from.plus(all.multipliedBy(i).dividedBy(TICKS - 1))));
      }
      return new Timeline(lanes, ticks);
    }

    private Lane cluster(SessionView session) {
      Instant end = session.stoppedAt().orElse(to);
      Instant stop = session.stopAskedAt().orElse(end);
      Instant ready =
          step(RunStep.AWAIT_CLUSTER, "")
              .flatMap(StepView::endedAt)
              .or(session::runningSince)
              .orElse(stop);
      List<Bar> bars = new ArrayList<>();
      add(bars, session.openedAt(), ready, "b-start", "start");
      add(bars, ready, stop, "b-ready", "ready");
      if (session.stopAskedAt().isPresent()) {
        add(bars, stop, end, "b-stop", "stop");
      }
      return lane("cluster " + session.cluster(), bars, "");
    }

    private Lane job(JobView job) {
      List<Bar> bars = new ArrayList<>();
      Instant ready = step(RunStep.AWAIT_CLUSTER, "").flatMap(StepView::endedAt).orElse(from);
      Instant first =
          job.attempts().stream()
              .map(AttemptView::submittedAt)
              .findFirst()
              .orElse(detail.run().endedAt().orElse(now));
      if (!job.needs().isEmpty()) {
        add(bars, ready, first, "b-wait", "waits for " + String.join(", ", job.needs()));
      }
      for (AttemptView attempt : job.attempts()) {
        if (attempt.state() == JobState.UPSTREAM_FAILED) {
          continue;
        }
        add(
            bars,
            attempt.submittedAt(),
            attempt.endedAt().orElse(now),
            "b-" + PageText.lower(StateShapes.of(attempt.state())),
            PageText.state(attempt.state()));
      }
      step(RunStep.VERIFY_OUTPUT, job.name())
          .ifPresent(
              step ->
                  add(
                      bars,
                      step.begunAt(),
                      step.endedAt().orElse(now),
                      "b-verify",
                      "verification"));
      job.usual()
          .ifPresent(
              usual ->
                  job.lastAttempt()
                      .ifPresent(
                          last ->
                              add(
                                  bars,
                                  last.submittedAt(),
                                  last.submittedAt().plus(usual),
                                  "b-usual",
                                  "usually")));
      return lane(
          job.name(),
          bars,
          job.usual().map(usual -> "usually " + PageText.duration(usual)).orElse(""));
    }

    private static Lane lane(String name, List<Bar> bars, String usual) {
      return new Lane(
          name,
          bars,
          bars.isEmpty()
              ? "nothing in this run"
              : String.join(", ", bars.stream().map(Bar::title).toList()),
          usual);
    }

    private Optional<StepView> step(RunStep step, String subject) {
      return detail.steps().stream()
          .filter(each -> each.step() == step)
          .filter(each -> subject.isEmpty() || each.subject().equals(subject))
          .reduce((earlier, later) -> later);
    }

    /** Only what is within the picture. */
    private void add(List<Bar> bars, Instant begin, Instant end, String style, String what) {
      double x = Math.max(0, place(begin));
      double right = Math.min(WIDTH, place(end));
      if (right < 0 || x > WIDTH || right < x || !end.isAfter(begin)) {
        return;
      }
      double width = Math.max(LEAST_WIDTH, right - x);
      bars.add(
          new Bar(
              number(Math.min(x, WIDTH - LEAST_WIDTH)),
              number(width),
              style,
              what + " " + PageText.duration(Duration.between(begin, end))));
    }

    private double place(Instant at) {
      return (double) Duration.between(from, at).toMillis()
          / Duration.between(from, to).toMillis()
          * WIDTH;
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
