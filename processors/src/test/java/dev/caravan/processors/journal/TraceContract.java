package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.SparkStage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the journal promises of the traces of its sessions, whatever its database. */
abstract class TraceContract extends JournalContract {
  private static final Duration LEASE = Duration.ofMinutes(2);

  @BeforeEach
  void keepAndForgetThoseOfOtherTests() throws SQLException {
    journal.traces().keep();
    database.execute("delete from trace_export");
  }

  private Optional<TraceExport> takeTrace() {
    return journal.traces().take(LEASE);
  }

  private Run stopped() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());
    journal.sessions().stopped(run);
    return run;
  }

  @Test
  void traceOfASessionThatIsOverIsSentOnce() {
    Run run = stopped();
    assertThat(journal.traces().pending()).isEqualTo(1);

    TraceExport trace = takeTrace().orElseThrow();
    assertThat(trace.sessionId()).isEqualTo(session(run).id());
    assertThat(trace.createdAt()).isEqualTo(CLOCK.instant());
    assertThat(trace.attempts()).isEqualTo(1);
    journal.traces().sent(trace);

    CLOCK.pass(Duration.ofDays(1));
    assertThat(takeTrace()).isEmpty();
    journal.sessions().stopped(run);
    assertThat(takeTrace()).as("the session was over already").isEmpty();
    assertThat(journal.traces().pending()).isZero();
  }

  @Test
  void oneOfAClusterThatIsLeftRunningIsSent() {
    Run run = claim();
    journal.sessions().open(run, cluster, false);
    journal.sessions().leftRunning(run, "others use it");
    TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());

    assertThat(takeTrace()).map(TraceExport::sessionId).contains(session(run).id());
  }

  @Test
  void itWaitsForTheRunsThatGoOnInAnotherSession() {
    Run run = claim();
    long first = journal.sessions().open(run, cluster, true).id();
    journal.sessions().stopped(run);
    assertThat(takeTrace()).isEmpty();
    long second = journal.sessions().open(run, cluster, true).id();
    TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());

    assertThat(second).isNotEqualTo(first);
    assertThat(takeTrace()).map(TraceExport::sessionId).contains(first);
    assertThat(takeTrace()).isEmpty();
  }

  @Test
  void oneThatWasTakenIsTheTakersUntilItsLeaseExpires() {
    Run run = stopped();
    assertThat(takeTrace()).isPresent();
    assertThat(other.traces().take(LEASE)).isEmpty();
    CLOCK.pass(LEASE);

    TraceExport again = other.traces().take(LEASE).orElseThrow();
    assertThat(again.sessionId()).isEqualTo(session(run).id());
    assertThat(again.attempts()).isEqualTo(2);
  }

  @Test
  void oneThatFailedIsDueLaterAndOneThatWasGivenUpNever() {
    stopped();
    TraceExport trace = takeTrace().orElseThrow();
    journal.traces().retry(trace, Duration.ofSeconds(10), "it answered 503".repeat(200));
    CLOCK.pass(Duration.ofSeconds(9));
    assertThat(takeTrace()).isEmpty();
    CLOCK.pass(Duration.ofSeconds(1));
    TraceExport second = takeTrace().orElseThrow();
    assertThat(second.createdAt()).isEqualTo(trace.createdAt());

    journal.traces().giveUp(second, "it answered 400");
    CLOCK.pass(Duration.ofDays(2));
    assertThat(takeTrace()).isEmpty();
  }

  @Test
  void stagesOfAJobAreKeptAsTheyWereToldLast() {
    Run run = claim();
    journal.jobs().submitting(run, "load", attempt -> "key-" + pipeline + attempt);
    JobRun attempt = journal.jobs().require(run, "load");
    SparkStage skipped =
        new SparkStage(
            4, 0, "b".repeat(400), Optional.empty(), Optional.empty(), 8, Optional.empty());
    SparkStage failed =
        new SparkStage(
            3, 1, "a", Optional.of(START), Optional.of(START), 1, Optional.of("lost a task"));
    journal.traces().stages(run, attempt, List.of(skipped));
    journal.traces().stages(run, attempt, List.of(skipped, failed));

    List<JobStage> known = journal.traces().stages(run);
    assertThat(known).extracting(JobStage::job).containsOnly("load");
    assertThat(known).extracting(JobStage::attempt).containsOnly(attempt.attempt());
    assertThat(known).extracting(JobStage::stage).contains(failed);
    assertThat(known).extracting(each -> each.stage().id()).containsExactlyInAnyOrder(3, 4);
    assertThat(known)
        .filteredOn(each -> each.stage().id() == 4)
        .allSatisfy(each -> assertThat(each.stage().name()).hasSize(300))
        .allSatisfy(each -> assertThat(each.stage().submittedAt()).isEmpty());
  }

  @Test
  void idIsTheSameForAllRunsOfTheSessionAndFromItsFirstLookOn() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    assertThat(journal.traces().idOf(run)).isEmpty();
    journal.statuses().seen(run, "STOPPED");
    String id = journal.traces().idOf(run).orElseThrow();
    assertThat(id).matches("[0-9a-f]{32}");
    journal.sessions().open(run, cluster, true);
    assertThat(other.traces().idOf(run)).contains(id);
    CLOCK.pass(Duration.ofMinutes(1));
    TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());
    Run next = TestRuns.claim(journal, pipeline, DATE.plusDays(1), cluster, false);
    assertThat(journal.traces().idOf(next)).contains(id);
    TestRuns.end(journal, next, RunState.SUCCEEDED, Optional.empty());
    journal.sessions().stopped(next);

    SessionRecord record = journal.traces().session(takeTrace().orElseThrow());
    assertThat(record.runs()).extracting(Run::id).containsExactly(run.id(), next.id());
    assertThat(TraceId.of(record)).isEqualTo(id);
  }
}
