package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.EventView;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches runs that a server drives until they have ended: a line for each event, on a terminal the
 * jobs that are under way, then a table for each run. Ending it ends no run.
 */
public final class RunFollower {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final ControlPlane plane;
  private final PrintWriter out;
  private final Terminal terminal;
  private final ZoneId zone;
  private final Clock clock;
  private final LiveBlock block;
  private final Sentences sentences = new Sentences();
  private final Map<String, Long> told = new HashMap<>();
  private final Map<String, RunState> states = new HashMap<>();

  RunFollower(ControlPlane plane, PrintWriter out, Terminal terminal, ZoneId zone, Clock clock) {
    this.plane = plane;
    this.out = out;
    this.terminal = terminal;
    this.zone = zone;
    this.clock = clock;
    this.block = new LiveBlock(out, terminal);
  }

  /**
   * Follows runs of one pipeline, shows their tables, and waits for what becomes of the cluster.
   *
   * @param runs not none
   * @return the exit code that says how it went
   * @throws OperationException if the server doesn't answer for too long
   */
  int follow(List<RunView> runs) throws InterruptedException {
    Collection<RunView> ended;
    ClusterOutcome cluster;
    SignalHook hook = SignalHook.on("detach", () -> sayHowToComeBack(runs));
    try (hook) {
      ended = watch(runs).values();
      ended.forEach(this::show);
      cluster = new ClusterWatch(plane, clock).await(lastUse(ended));
    }
    out.println("\ncluster: " + cluster.words());
    out.flush();
    if (ended.stream().anyMatch(run -> run.state() != RunState.SUCCEEDED)) {
      return ExitCodes.FAILED;
    }
    return cluster.good() ? ExitCodes.OK : ExitCodes.CLUSTER_NOT_STOPPED;
  }

  private void show(RunView run) {
    boolean known =
        run.failure().filter(failure -> sentences.hasTold(run.id(), failure)).isPresent();
    out.print("\n" + RunTable.of(plane.run(run.id()), !known, terminal));
    out.flush();
  }

  private void sayHowToComeBack(List<RunView> runs) {
    String id = runs.get(0).id();
    out.printf(
        Locale.ROOT,
        "%nThe server goes on with it. Come back: caravan show %s, caravan logs -f --run %s; end it: caravan cancel %s%n",
        id,
        id,
        id);
    out.flush();
  }

  private Optional<RunDetail> lastUse(Iterable<RunView> runs) {
    List<RunDetail> used = new ArrayList<>();
    for (RunView run : runs) {
      RunDetail detail = plane.run(run.id());
      if (detail.session().isPresent()) {
        used.add(detail);
      }
    }
    return used.stream().max(Comparator.comparing(detail -> detail.run().startedAt()));
  }

  /** By their ids, in their order. */
  private Map<String, RunView> watch(List<RunView> runs) throws InterruptedException {
    Optional<Instant> silentSince = Optional.empty();
    while (true) {
      try {
        Map<String, RunView> now = look(runs);
        List<RunDetail> active = tellNews(now);
        silentSince = Optional.empty();
        if (now.values().stream().noneMatch(run -> run.state().isOpen())) {
          block.erase();
          return now;
        }
        block.draw(lines(now, active));
      } catch (OperationException e) {
        silentSince = silentSince.or(() -> Optional.of(clock.instant()));
        if (e.reason() != OperationException.Reason.UNAVAILABLE
            || silentSince.get().plus(PATIENCE).isBefore(clock.instant())) {
          throw e;
        }
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  /** One question for all: a backfill may have hundreds. */
  private Map<String, RunView> look(List<RunView> runs) {
    RunFilter filter =
        new RunFilter(
            Optional.of(runs.get(0).pipeline()),
            runs.stream().map(RunView::date).min(Comparator.naturalOrder()),
            runs.stream().map(RunView::date).max(Comparator.naturalOrder()),
            Set.of(),
            Optional.empty());
    Map<String, RunView> found = new TreeMap<>();
    Optional<String> cursor = Optional.empty();
    do {
      ListPage<RunView> page = plane.runs(filter, new PageRequest(cursor, PageRequest.MOST));
      page.items().forEach(run -> found.put(run.id(), run));
      cursor = page.next();
    } while (cursor.isPresent());
    Map<String, RunView> now = new LinkedHashMap<>();
    runs.forEach(run -> now.put(run.id(), found.getOrDefault(run.id(), run)));
    return now;
  }

  /** Tells the events of those that run or have just changed; gives those that run. */
  private List<RunDetail> tellNews(Map<String, RunView> now) {
    List<RunDetail> active = new ArrayList<>();
    for (RunView run : now.values()) {
      boolean changed = states.get(run.id()) != run.state();
      if (changed || run.state() == RunState.RUNNING) {
        RunDetail detail = plane.run(run.id());
        detail.events().forEach(this::tell);
        // What has happened since is told by the next look.
        states.put(run.id(), detail.run().state() == run.state() ? run.state() : RunState.QUEUED);
        if (run.state() == RunState.RUNNING) {
          active.add(detail);
        }
      }
    }
    return active;
  }

  private void tell(EventView event) {
    String run = event.run().orElse("");
    if (event.id() <= told.getOrDefault(run, -1L)) {
      return;
    }
    told.put(run, event.id());
    block.line(
        "["
            + TIME.format(event.at().atZone(zone))
            + (Cells.isUtc(zone) ? "Z] " : "] ")
            + sentences.of(event.event()));
  }

  private List<String> lines(Map<String, RunView> now, List<RunDetail> active) {
    List<String> lines = new ArrayList<>();
    active.forEach(
        detail -> lines.addAll(JobLines.of(detail, clock.instant(), terminal.columns())));
    long queued = now.values().stream().filter(run -> run.state() == RunState.QUEUED).count();
    if (queued > 0) {
      lines.add(queued == 1 ? "1 run is queued" : queued + " runs are queued");
    }
    return lines;
  }
}
