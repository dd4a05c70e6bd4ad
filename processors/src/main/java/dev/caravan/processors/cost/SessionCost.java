package dev.caravan.processors.cost;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.journal.StepRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one use of a cluster has cost so far. The cloud bills from the start command until the
 * cluster is fully stopped; a time in which it was seen stopped costs nothing.
 *
 * @param phases what the time went into; their sum is the session's
 * @param runs in the order in which they began; their sum is the session's, too
 */
public record SessionCost(
    ClusterSession session, Map<Phase, Spent> phases, List<RunShare> runs, Spent total) {
  private static final int DIGITS = 10;

  /**
   * What one run has to bear: its own work, and an equal part of all that is nobody's.
   *
   * @param work the time of its jobs and verifications on this cluster
   */
  public record RunShare(Run run, Duration work, BigDecimal amount) {}

  /** A span in which something is done, for a run or for all. */
  private record Work(Phase phase, Optional<String> runId, Instant from, Instant until) {
    private boolean covers(Instant begin, Instant end) {
      return !from.isAfter(begin) && !until.isBefore(end);
    }
  }

  public SessionCost {
    phases = Collections.unmodifiableMap(new TreeMap<>(phases));
    runs = List.copyOf(runs);
  }

  /**
   * Adds it up.
   *
   * @param now how far a session that goes on has come
   */
  public static SessionCost of(SessionRecord record, Prices prices, Instant now) {
    ClusterSession session = record.session();
    Instant begin = session.openedAt();
    Instant end = end(record, now);
    List<Work> work = work(record, end);
    List<ClusterStatusInterval> stopped =
        record.statuses().stream().filter(seen -> seen.status().equals("STOPPED")).toList();
    Map<Phase, Spent> phases = new EnumMap<>(Phase.class);
    Map<String, Spent> own = new HashMap<>();
    if (session.ours()) {
      phases.put(Phase.START, new Spent(Duration.ZERO, prices.start().at(begin)));
    }
    List<Instant> marks = marks(begin, end, work, stopped);
    for (int i = 1; i < marks.size(); i++) {
      Instant from = marks.get(i - 1);
      Instant until = marks.get(i);
      if (stopped.stream().anyMatch(seen -> covers(seen, end, from, until))) {
        continue;
      }
      Optional<Work> done =
          work.stream()
              .filter(each -> each.covers(from, until))
              .min(Comparator.comparing(Work::phase));
      Spent spent = new Spent(Duration.between(from, until), prices.hour().perHour(from, until));
      phases.merge(done.map(Work::phase).orElse(Phase.IDLE), spent, Spent::plus);
      done.flatMap(Work::runId).ifPresent(run -> own.merge(run, spent, Spent::plus));
    }
    Spent total = phases.values().stream().reduce(Spent.NOTHING, Spent::plus);
    return new SessionCost(session, phases, shares(record.runs(), own, total.amount()), total);
  }

  /** A session that is over ends with its stop, or where nobody looks at the cluster any more. */
  private static Instant end(SessionRecord record, Instant now) {
    ClusterSession session = record.session();
    if (session.stoppedAt().isPresent()) {
      return session.stoppedAt().get();
    }
    if (!session.isOver()) {
      return now;
    }
    return record.statuses().stream()
        .flatMap(seen -> seen.until().stream())
        .max(Comparator.naturalOrder())
        .orElse(session.openedAt());
  }

  private static List<Work> work(SessionRecord record, Instant end) {
    List<Work> work = new ArrayList<>();
    for (JobRun attempt : record.attempts()) {
      boolean lost = attempt.state() == JobState.FAILED || attempt.state() == JobState.KILLED;
      work.add(
          new Work(
              lost ? Phase.FAILED_JOBS : Phase.JOBS,
              Optional.of(attempt.runId()),
              attempt.submittedAt(),
              attempt.endedAt().orElse(end)));
    }
    for (StepRecord step : record.steps()) {
      Instant until = step.endedAt().orElse(end);
      switch (step.step()) {
        case VERIFY_OUTPUT ->
            work.add(
                new Work(Phase.VERIFICATION, Optional.of(step.runId()), step.begunAt(), until));
        case START_CLUSTER, AWAIT_CLUSTER ->
            work.add(new Work(Phase.START, Optional.empty(), step.begunAt(), until));
        default -> {
          // The jobs' own times tell more, and what is left is idle.
        }
      }
    }
    ClusterSession session = record.session();
    session
        .stopAskedAt()
        .ifPresent(asked -> work.add(new Work(Phase.STOP, Optional.empty(), asked, end)));
    if (session.ours()) {
      work.add(
          new Work(
              Phase.START,
              Optional.empty(),
              session.openedAt(),
              session.runningSince().orElse(end)));
    }
    return work;
  }

  private static boolean covers(
      ClusterStatusInterval seen, Instant end, Instant from, Instant until) {
    return !seen.since().isAfter(from) && !seen.until().orElse(end).isBefore(until);
  }

  /** Between two of them nothing changes. */
  private static List<Instant> marks(
      Instant begin, Instant end, List<Work> work, List<ClusterStatusInterval> stopped) {
    TreeSet<Instant> marks = new TreeSet<>(List.of(begin, end));
    work.forEach(each -> marks.addAll(List.of(each.from(), each.until())));
    stopped.forEach(seen -> marks.addAll(List.of(seen.since(), seen.until().orElse(end))));
    return marks.stream().filter(mark -> !mark.isBefore(begin) && !mark.isAfter(end)).toList();
  }

  /** The last one bears what the division leaves, so that their sum is the whole. */
  private static List<RunShare> shares(List<Run> runs, Map<String, Spent> own, BigDecimal total) {
    BigDecimal common =
        runs.stream()
            .map(run -> own.getOrDefault(run.id(), Spent.NOTHING).amount())
            .reduce(total, BigDecimal::subtract);
    List<RunShare> shares = new ArrayList<>();
    BigDecimal left = common;
    for (int i = 0; i < runs.size(); i++) {
      Spent work = own.getOrDefault(runs.get(i).id(), Spent.NOTHING);
      BigDecimal part =
          i == runs.size() - 1
              ? left
              : common.divide(BigDecimal.valueOf(runs.size()), DIGITS, RoundingMode.HALF_UP);
      left = left.subtract(part);
      shares.add(new RunShare(runs.get(i), work.time(), work.amount().add(part)));
    }
    return shares;
  }
}
