package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slots;
import dev.caravan.processors.schedule.Timetable;
import dev.caravan.shared.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;

/**
 * What the contracts of the queue have in common. One database for all tests of a subclass, with
 * two orchestrators; each test has a pipeline and a cluster of its own.
 */
abstract class QueueContract {
  /** Half an hour before the slot of {@link #DATE}. */
  static final Instant START = Instant.parse("2026-11-22T03:00:00Z");

  static final LocalDate DATE = LocalDate.of(2026, 11, 21);

  static final MutableClock CLOCK = new MutableClock(START);
  static TestDatabase database;
  static Journal journal;

  /** Another orchestrator on the same journal; the same one where only one can have it. */
  static Journal other;

  final String pipeline = "p" + UUID.randomUUID().toString().substring(0, 8);
  final String cluster = "c-" + pipeline;

  QueueContract() {
    CLOCK.set(START);
  }

  static void open(TestDatabase opened) {
    database = opened;
    journal = Journal.open(database.config(), CLOCK);
    other = database.config().isExclusive() ? journal : Journal.open(database.config(), CLOCK);
  }

  @AfterAll
  static void close() {
    other.close();
    journal.close();
  }

  /** At 03:30 UTC, for the date before. */
  static Timetable daily(CatchUp catchUp, Overlap overlap) {
    return new Timetable(
        Slots.cron("30 3 * * *", ZoneOffset.UTC),
        1,
        catchUp,
        Duration.ofDays(7),
        overlap,
        Optional.of(Duration.ofHours(1)),
        Optional.empty());
  }

  void plan(Timetable timetable) {
    journal.queue().plan(pipeline, cluster, timetable);
  }

  /** Plans when the pipeline is new, and then once the slot of {@link #DATE} has come. */
  Run due(Timetable timetable) {
    plan(timetable);
    CLOCK.set(START.plus(Duration.ofMinutes(30)));
    plan(timetable);
    return last(DATE);
  }

  Run last(LocalDate date) {
    return journal.runs().last(pipeline, date).orElseThrow();
  }

  /** All runs of the pipeline, the oldest first. */
  List<Run> runs() {
    List<Run> latest = new java.util.ArrayList<>(journal.runs().latest(pipeline, 10_000));
    java.util.Collections.reverse(latest);
    return latest;
  }

  /** Begins the next run on the cluster in a session of its own. */
  Run take() {
    return ((Claim.Taken) journal.claims().claimDue(cluster).orElseThrow()).run();
  }

  void end(Run run, RunState state) {
    TestRuns.end(journal, run, state, Optional.empty());
  }

  Run by(String who, LocalDate date) {
    return journal.queue().add(pipeline, cluster, date, false, who).run();
  }

  static List<RunEvent.Kind> kinds(Run run) {
    return journal.events().of(run).stream().map(RunEvent::kind).toList();
  }

  Run now(Run run) {
    return journal.runs().find(run.id()).orElseThrow();
  }

  /** The events of pipelines and backfills that name the subject. */
  static List<RunEvent> of(String subject) {
    return journal.events().ofNoRun(10_000).stream()
        .filter(event -> event.subject().equals(subject))
        .toList();
  }
}
