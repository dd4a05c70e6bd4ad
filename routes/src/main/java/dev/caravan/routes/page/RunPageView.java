package dev.caravan.routes.page;

import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.RunCostView;
import dev.caravan.routes.operations.RunDetail;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A run.
 *
 * @param cost in words
 */
record RunPageView(Instant now, RunDetail detail, Timeline timeline, String cost) {

  static RunPageView of(ControlPlane plane, String id, Instant now) {
    RunDetail detail = plane.run(id);
    return new RunPageView(now, detail, Timeline.of(detail, now), cost(plane, detail));
  }

  /** A session counts in the month in which it was opened. */
  private static String cost(ControlPlane plane, RunDetail detail) {
    if (detail.session().isEmpty()) {
      return "nothing, it used no cluster";
    }
    Instant opened = detail.session().get().openedAt();
    List<RunCostView> shares =
        plane.cost(Optional.of(YearMonth.from(opened.atOffset(ZoneOffset.UTC)))).runs().stream()
            .filter(each -> each.run().equals(detail.run().id()))
            .toList();
    return shares.isEmpty()
        ? "not known"
        : PageText.money(
            shares.stream().flatMap(each -> each.amount().stream()).reduce(BigDecimal::add),
            shares.get(0).currency());
  }

  boolean isOpen() {
    return detail.run().state().isOpen();
  }

  boolean mayContinue() {
    return detail.run().state().isRepairable();
  }

  boolean mayRunAgain() {
    return !isOpen();
  }

  boolean isRunning() {
    return detail.run().state() == RunState.RUNNING;
  }
}
