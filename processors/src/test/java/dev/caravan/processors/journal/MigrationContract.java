package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.schedule.Cause;
import dev.caravan.shared.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the journals of earlier versions, whatever their database. */
abstract class MigrationContract {
  private static final MutableClock CLOCK = new MutableClock(Instant.parse("2026-11-30T03:00:00Z"));
  static TestDatabase database;

  private static Journal ofVersion(int version) throws Exception {
    return Journal.open(database.ofVersion(version), CLOCK);
  }

  private static Map<String, Duration> time(Object... statusesAndSeconds) {
    Map<String, Duration> time = new LinkedHashMap<>();
    for (int i = 0; i < statusesAndSeconds.length; i += 2) {
      time.put(
          (String) statusesAndSeconds[i], Duration.ofSeconds((Integer) statusesAndSeconds[i + 1]));
    }
    return time;
  }

  @Test
  void journalOfVersion3KeepsItsTimesAndItsOpenRunIsBroughtToItsEnd() throws Exception {
    try (Journal old = ofVersion(3)) {
      Map<String, Map<String, Duration>> times = new LinkedHashMap<>();
      for (String id : List.of("18/1", "18/2", "19/1", "20/1", "21/1", "22/1")) {
        Run run = old.runs().find("datamarts/2026-11-" + id).orElseThrow();
        times.put(id, old.statuses().time(run));
      }
      // As clusterTime gave them when this journal was written.
      assertThat(times)
          .isEqualTo(
              Map.of(
                  "18/1", time("STOPPED", 2, "STARTING", 120, "RUNNING", 90, "STOPPING", 45),
                  "18/2", time("STOPPED", 3, "STARTING", 190, "RUNNING", 253, "STOPPING", 55),
                  "19/1", time("RUNNING", 77),
                  "20/1", time("STOPPED", 0, "STARTING", 80, "RUNNING", 10, "STOPPING", 25),
                  "21/1", time("STOPPING", 12, "ERROR", 1),
                  "22/1", time("STOPPED", 1, "STARTING", 110)));
      assertThat(old.sessions().lastOn("c9qfound").orElseThrow().state())
          .isEqualTo(SessionState.LEFT_RUNNING);
      assertThat(old.sessions().lastOn("c9qerror")).isEmpty();
      assertThat(old.sessions().forgotten(List.of("datamarts"), List.of("c9qmain")))
          .extracting(ClusterSession::clusterId)
          .containsExactly("c9qpending");
      assertThat(old.events().of(old.runs().find("datamarts/2026-11-18/2").orElseThrow()))
          .extracting(RunEvent::kind)
          .contains(RunEvent.Kind.JOB_SUCCEEDED, RunEvent.Kind.RUN_ENDED);

      Run run = TestRuns.claim(old, "datamarts", LocalDate.of(2026, 11, 22), "c9qmain", false);
      assertThat(run.id()).isEqualTo("datamarts/2026-11-22/1");
      ClusterSession session = old.sessions().of(run).orElseThrow();
      assertThat(session.state()).isEqualTo(SessionState.RUNNING);
      assertThat(session.operationId()).contains("op-5");
      assertThat(old.jobs().find(run, "a").orElseThrow().batchId()).contains(7);
      old.jobs().succeeded(run, "a", Optional.empty());
      old.statuses().seen(run, "RUNNING");
      old.sessions().stopAsked(run);
      old.statuses().seen(run, "STOPPED");
      old.sessions().stopped(run);
      TestRuns.end(old, run, RunState.SUCCEEDED, Optional.empty());
      assertThat(old.sessions().of(run).orElseThrow().state()).isEqualTo(SessionState.STOPPED);
      assertThat(old.statuses().time(run)).containsKeys("STARTING", "RUNNING", "STOPPED");
      assertThat(old.statuses().of(run))
          .as("the look that goes on after the migration goes on with the same interval")
          .hasSize(4);
    }
  }

  @Test
  void journalOfVersion5KeepsItsRunsAndItsOpenSessionGoesOn() throws Exception {
    try (Journal old = ofVersion(5)) {
      assertThat(old.runs().latest("datamarts", 10))
          .extracting(Run::id, Run::state)
          .containsExactly(
              tuple("datamarts/2026-11-25/1", RunState.RUNNING),
              tuple("datamarts/2026-11-26/1", RunState.QUEUED),
              tuple("datamarts/2026-11-24/1", RunState.FAILED),
              tuple("datamarts/2026-11-23/1", RunState.INTERRUPTED));
      assertThat(old.runs().latest(10))
          .allMatch(run -> run.cause().isEmpty() && run.dueAt().isEmpty())
          .allMatch(run -> run.askedBy().isEmpty() && run.cancelRequest().isEmpty());
      assertThat(old.alarms().raised())
          .extracting(Alarm::key)
          .containsExactly(new Alarm.Key(AlarmKind.LEFT_RUNNING, "c9qfound"));
      assertThat(old.queue().pause("datamarts")).isEmpty();

      Claim.Taken open = (Claim.Taken) old.claims().claimDue("c9qmain").orElseThrow();
      assertThat(open.continued()).isTrue();
      assertThat(open.run().id()).isEqualTo("datamarts/2026-11-25/1");
      assertThat(old.jobs().find(open.run(), "a").orElseThrow().batchId()).contains(2);
      old.runs().end(open.run(), RunState.SUCCEEDED, Optional.empty());
      Claim.Taken queued = (Claim.Taken) old.claims().claimNextDue("c9qmain").orElseThrow();
      assertThat(queued.run().id()).isEqualTo("datamarts/2026-11-26/1");
      assertThat(old.sessions().of(queued.run()).orElseThrow().operationId()).contains("op-1");
      TestRuns.end(old, queued.run(), RunState.SUCCEEDED, Optional.empty());
      assertThat(old.claims().claimDue("c9qmain")).isEmpty();
      assertThat(old.events().of(open.run()))
          .extracting(RunEvent::kind)
          .containsExactly(
              RunEvent.Kind.RUN_CLAIMED,
              RunEvent.Kind.JOB_SUBMITTED,
              RunEvent.Kind.RUN_CONTINUED,
              RunEvent.Kind.RUN_ENDED);
    }
  }

  /** The last version before traces: it has a queue, a backfill, a pause and a message. */
  @Test
  void journalOfVersion11KeepsItsQueueItsBackfillAndItsMessages() throws Exception {
    try (Journal old = ofVersion(11)) {
      assertThat(old.queue().pause("reports").orElseThrow().by()).isEqualTo("ann");
      assertThat(old.queue().pause("datamarts")).isEmpty();
      Backfill backfill = old.backfills().find(1).orElseThrow();
      assertThat(backfill.state()).isEqualTo(BackfillState.RUNNING);
      assertThat(backfill.askedBy()).isEqualTo("ann");
      assertThat(old.runs().find("reports/2026-11-27/1").orElseThrow().state())
          .isEqualTo(RunState.SKIPPED);
      assertThat(old.outbox().take(List.of("team"), List.of(), Duration.ofMinutes(1)))
          .extracting(Notification::detail)
          .containsExactly("left running");

      Claim.Taken open = (Claim.Taken) old.claims().claimDue("c9qmain").orElseThrow();
      assertThat(open.continued()).isTrue();
      old.runs().end(open.run(), RunState.SUCCEEDED, Optional.empty());
      Claim.Taken queued = (Claim.Taken) old.claims().claimNextDue("c9qmain").orElseThrow();
      assertThat(queued.run().id()).isEqualTo("datamarts/2026-11-26/1");
      old.runs().end(queued.run(), RunState.SUCCEEDED, Optional.empty());
      Claim.Taken filled = (Claim.Taken) old.claims().claimNextDue("c9qmain").orElseThrow();
      assertThat(filled.run().backfillId()).contains(1L);
      assertThat(filled.run().cause()).contains(Cause.BACKFILL);
      TestRuns.end(old, filled.run(), RunState.SUCCEEDED, Optional.empty());
    }
  }

  /** Else a change of the schema would be passed over, or Flyway be asked at each start. */
  @Test
  void schemaThatIsOpenedWithoutFlywayIsTheNewestMigrations() throws Exception {
    try (Database fresh = Database.open(database.empty())) {
      assertThat(fresh.schema()).isEqualTo(Database.SCHEMA);
    }
  }
}
