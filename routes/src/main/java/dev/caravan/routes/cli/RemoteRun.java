package dev.caravan.routes.cli;

import dev.caravan.processors.journal.BackfillState;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.BackfillPlanView;
import dev.caravan.routes.operations.BackfillRequest;
import dev.caravan.routes.operations.BackfillStarted;
import dev.caravan.routes.operations.BackfillView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunAsked;
import dev.caravan.routes.operations.RunRequest;
import dev.caravan.routes.operations.RunView;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has runs done by a server, and follows them if that is wanted. */
public final class RemoteRun {
  /** So many are looked through for one that is open. */
  private static final int LATEST = 100;

  private final ControlPlane plane;
  private final PrintWriter out;
  private final ZoneOption zone;
  private final Asker asker;
  private final boolean following;

  /**
   * @param following else they are queued only
   */
  public RemoteRun(
      ControlPlane plane, PrintWriter out, ZoneOption zone, Asker asker, boolean following) {
    this.plane = plane;
    this.out = out;
    this.zone = zone;
    this.asker = asker;
    this.following = following;
  }

  /**
   * Queues a run for each of the dates.
   *
   * @param dates none: the schedule's, as of now
   * @param again also if the date has succeeded, with all its jobs
   * @return the exit code
   */
  public int run(String pipeline, List<LocalDate> dates, boolean again)
      throws InterruptedException {
    List<Optional<LocalDate>> asked =
        dates.isEmpty() ? List.of(Optional.empty()) : dates.stream().map(Optional::of).toList();
    List<RunView> runs = new ArrayList<>();
    for (Optional<LocalDate> date : asked) {
      runs.add(told(plane.run(new RunRequest(pipeline, date, again), asker)));
    }
    return finish(runs);
  }

  /**
   * Queues a repair of each date's latest run.
   *
   * @param dates none: that of the latest run
   * @return the exit code
   */
  public int repair(String pipeline, List<LocalDate> dates) throws InterruptedException {
    List<Optional<LocalDate>> asked =
        dates.isEmpty() ? List.of(Optional.empty()) : dates.stream().map(Optional::of).toList();
    List<RunView> runs = new ArrayList<>();
    for (Optional<LocalDate> date : asked) {
      runs.add(told(plane.repair(Latest.run(plane, Optional.of(pipeline), date).id(), asker)));
    }
    return finish(runs);
  }

  private RunView told(RunAsked answer) {
    RunView run = answer.run();
    String how =
        answer.queued()
            ? " is queued at the server"
            : " is there already: "
                + run.state()
                + (run.state().isOpen() ? "" : " (--again runs the date once more)");
    out.println("run " + run.id() + how);
    return run;
  }

  /** Begins a backfill; gives the exit code. */
  public int backfill(BackfillRequest request) throws InterruptedException {
    BackfillStarted started = plane.backfill(request, asker);
    show(out, started.plan());
    Optional<BackfillView> backfill = started.backfill().or(() -> begunBefore(plane, request, out));
    if (backfill.isEmpty()) {
      out.println("Nothing to do.");
      out.flush();
      return ExitCodes.OK;
    }
    return follow(backfill.get());
  }

  /**
   * The backfill that has runs of these dates still to do: the same command once more goes on with
   * it.
   *
   * @throws SettingsException if it is paused or held
   */
  public static Optional<BackfillView> begunBefore(
      ControlPlane plane, BackfillRequest request, PrintWriter out) {
    Optional<BackfillView> open =
        plane.backfills(Optional.of(request.pipeline()), PageRequest.first(LATEST)).items().stream()
            .filter(backfill -> backfill.state().isOpen())
            .filter(backfill -> hasOpenRuns(plane, backfill, request))
            .findFirst();
    open.ifPresent(backfill -> say(backfill, out));
    open.filter(backfill -> backfill.state() != BackfillState.RUNNING)
        .ifPresent(
            backfill -> {
              throw new SettingsException(
                  "These dates wait in backfill %d, which is %s. Go on with it: --resume %d"
                      .formatted(backfill.id(), backfill.state(), backfill.id()));
            });
    return open;
  }

  private static boolean hasOpenRuns(
      ControlPlane plane, BackfillView backfill, BackfillRequest request) {
    RunFilter filter =
        new RunFilter(
            Optional.of(request.pipeline()),
            Optional.of(request.from()),
            Optional.of(request.to()),
            Set.of(RunState.QUEUED, RunState.RUNNING),
            Optional.of(backfill.id()));
    return !plane.runs(filter, PageRequest.first(1)).items().isEmpty();
  }

  /** Prints how a backfill stands. */
  public static void say(BackfillView backfill, PrintWriter out) {
    out.println(
        "backfill "
            + backfill.id()
            + ": "
            + backfill.state()
            + backfill.reason().map(reason -> ", " + reason).orElse(""));
    out.flush();
  }

  /** Follows a backfill that is there; gives the exit code. */
  public int follow(BackfillView backfill) throws InterruptedException {
    say(backfill, out);
    List<RunView> runs = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      ListPage<RunView> page =
          plane.runs(
              RunFilter.ofBackfill(backfill.id()), new PageRequest(cursor, PageRequest.MOST));
      runs.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    runs.sort(Comparator.comparing(RunView::date));
    return finish(runs);
  }

  private int finish(List<RunView> runs) throws InterruptedException {
    out.flush();
    if (!following || runs.isEmpty()) {
      return ExitCodes.OK;
    }
    return new RunFollower(plane, out, Terminal.ofProcess(), zone.zone(), Clock.systemUTC())
        .follow(runs);
  }

  /** Prints what a backfill does with each of its dates. */
  public static void show(PrintWriter out, BackfillPlanView plan) {
    TextTable table =
        new TextTable(
            List.of("date", "runs", "reason"),
            plan.dates().stream()
                .map(
                    entry ->
                        List.of(
                            entry.date().toString(), entry.runs() ? "yes" : "no", entry.reason()))
                .toList());
    out.print(table.text(Terminal.ofProcess().columns()));
    out.printf("%n%d of %d dates run. %s%n", plan.toRun(), plan.dates().size(), plan.estimate());
    plan.amount()
        .ifPresent(
            amount ->
                out.printf(
                    "Expected cost: %s %s, without the disks.%n",
                    amount.setScale(2, RoundingMode.HALF_UP), plan.currency().orElse("")));
    out.flush();
  }
}
