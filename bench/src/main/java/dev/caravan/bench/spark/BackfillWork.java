package dev.caravan.bench.spark;

import dev.caravan.bench.ledger.Figure;
import dev.caravan.bench.ledger.Goal;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** Seven dates of thirty days each: in one application, and in one for each. */
final class BackfillWork implements Work {
  private static final int DATES = 7;

  @Override
  public Set<Lake> reads(List<Size> sizes) {
    return Set.of(Size.THIRTY_DAYS.lake());
  }

  @Override
  public void measure(Plan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      Run together;
      Run apart;
      if (round % 2 == 0) {
        together = together(plan);
        apart = apart(plan);
      } else {
        apart = apart(plan);
        together = together(plan);
      }
      add(plan, "in one application", together);
      add(plan, "in seven", apart);
      plan.add(
          new Figure(
              "backfill", "7 dates: in one application / in seven", "x", new Goal.AtMost(0.5)),
          Plan.OURS,
          together.seconds() / apart.seconds(),
          together.complete() && apart.complete());
      compare(plan);
    }
  }

  private static LocalDate first() {
    return Lake.LAST_DAY.minusDays(DATES - 1L);
  }

  private static Run together(Plan plan) throws IOException, InterruptedException {
    return run(plan, "ours-together", first() + ".." + Lake.LAST_DAY);
  }

  private static Run apart(Plan plan) throws IOException, InterruptedException {
    Run all = Run.NONE;
    for (int day = 0; day < DATES; day++) {
      all = all.then(run(plan, "ours-apart", first().plusDays(day).toString()));
    }
    return all;
  }

  private static Run run(Plan plan, String target, String dates)
      throws IOException, InterruptedException {
    return plan.applications()
        .ours(
            target,
            Size.THIRTY_DAYS.lake(),
            Size.THIRTY_DAYS.days(),
            dates,
            plan.memory(),
            Datamarts.ALL);
  }

  private static void add(Plan plan, String how, Run run) {
    plan.add(
        new Figure("backfill", "7 dates " + how, "s", new Goal.None()),
        Plan.OURS,
        run.seconds(),
        run.complete());
    plan.add(
        new Figure("backfill", "7 dates " + how + ": rows read", "1000", new Goal.None()),
        Plan.OURS,
        run.effort().rowsRead() / 1e3,
        run.complete());
  }

  private static void compare(Plan plan) throws IOException {
    for (int day = 0; day < DATES; day++) {
      String date = first().plusDays(day).toString();
      for (String datamart : Datamarts.ALL) {
        plan.applications()
            .rows("ours-together", datamart, date)
            .mustEqual(
                plan.applications().rows("ours-apart", datamart, date),
                "backfill of " + date + ", " + datamart);
      }
    }
  }
}
