package dev.caravan.routes.page;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.routes.operations.BackfillPlanView;
import dev.caravan.routes.operations.BackfillRequest;
import dev.caravan.routes.operations.BackfillView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunView;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Backfills: the list of them, one alone, and one that is only planned. */
final class BackfillsView {
  private static final int MOST = 50;
  private static final int MOST_RUNS = 100;
  private static final int USUAL_DAYS = 7;

  private BackfillsView() {}

  /**
   * The list, and what can be planned.
   *
   * @param from what the form suggests
   */
  record All(
      List<BackfillView> backfills,
      boolean more,
      List<String> pipelines,
      LocalDate from,
      LocalDate to) {

    static All of(ControlPlane plane, Instant now) {
      ListPage<BackfillView> page = plane.backfills(Optional.empty(), PageRequest.first(MOST));
      LocalDate yesterday = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
      return new All(
          page.items(),
          page.next().isPresent(),
          plane.pipelines().stream().map(PipelineView::name).toList(),
          yesterday.minusDays(USUAL_DAYS - 1L),
          yesterday);
    }

    static List<BackfillPlan.Only> only() {
      return List.of(BackfillPlan.Only.values());
    }
  }

  /** One of them and its runs, the newest first. */
  record One(Instant now, BackfillView backfill, List<RunView> runs, boolean more) {

    static One of(ControlPlane plane, long id, Instant now) {
      BackfillView backfill = plane.backfill(id);
      ListPage<RunView> runs = plane.runs(RunFilter.ofBackfill(id), PageRequest.first(MOST_RUNS));
      return new One(now, backfill, runs.items(), runs.next().isPresent());
    }

    /** How many of its runs are in each state, in words. */
    String progress() {
      return BackfillsView.progress(backfill);
    }

    int all() {
      return backfill.runs().values().stream().mapToInt(Integer::intValue).sum();
    }

    List<Share> shares() {
      double all = Math.max(1, all());
      double x = 0;
      List<Share> shares = new ArrayList<>();
      for (RunState state : RunState.values()) {
        int count = backfill.runs().getOrDefault(state, 0);
        if (count > 0) {
          double width = count / all * Timeline.WIDTH;
          shares.add(
              new Share(
                  String.format(Locale.ROOT, "%.1f", x),
                  String.format(Locale.ROOT, "%.1f", width),
                  "b-" + PageText.lower(StateShapes.of(state)),
                  count + " " + PageText.state(state)));
          x += width;
        }
      }
      return shares;
    }
  }

  /** A part of the bar of progress. */
  record Share(String x, String width, String style, String title) {}

  /** What one would do with each of its dates. */
  record Plan(BackfillRequest request, BackfillPlanView plan, String key, boolean asksName) {

    static Plan of(ControlPlane plane, PageCall call, String key, boolean asksName) {
      BackfillRequest request =
          new BackfillRequest(
              call.query("pipeline").orElseThrow(() -> missing("pipeline")),
              call.date("from").orElseThrow(() -> missing("first date")),
              call.date("to").orElseThrow(() -> missing("last date")),
              call.query("only").map(Plan::only).orElse(BackfillPlan.Only.UNFINISHED),
              call.query("newestFirst").filter("true"::equals).isPresent());
      return new Plan(request, plane.planBackfill(request), key, asksName);
    }

    private static OperationException missing(String what) {
      return new OperationException(
          OperationException.Reason.INVALID, "The " + what + " of the backfill is missing.");
    }

    private static BackfillPlan.Only only(String word) {
      return Arrays.stream(BackfillPlan.Only.values())
          .filter(each -> each.name().equals(word))
          .findFirst()
          .orElseThrow(() -> missing("choice of dates"));
    }
  }

  static String progress(BackfillView backfill) {
    return String.join(
        ", ",
        Arrays.stream(RunState.values())
            .filter(state -> backfill.runs().containsKey(state))
            .map(state -> backfill.runs().get(state) + " " + PageText.state(state))
            .toList());
  }

  static String words(BackfillPlan.Only only) {
    return switch (only) {
      case UNFINISHED -> "missing and failed dates";
      case MISSING -> "missing dates";
      case FAILED -> "failed dates";
      case ALL -> "all dates, those that succeeded, too";
    };
  }
}
