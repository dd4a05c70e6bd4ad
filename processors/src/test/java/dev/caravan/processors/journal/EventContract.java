package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** Events, alarms and steps, whatever the database. */
abstract class EventContract extends JournalContract {
  @Test
  void eventsAreToldAndKeptInTheirOrder() {
    Run run = claim();
    List<RunEvent> told = new ArrayList<>();
    journal.onEvent(
        event -> told.addAll(event.runId().equals(run.id()) ? List.of(event) : List.of()));

    journal.events().write(run.id(), RunEvent.Kind.ENDPOINT_READY, "http://m", "");
    journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, Optional.of(run.id()), "no permission");

    assertThat(told)
        .containsExactly(
            new RunEvent(run.id(), START, RunEvent.Kind.ENDPOINT_READY, "http://m", ""),
            new RunEvent(
                run.id(),
                START,
                RunEvent.Kind.ALARM_RAISED,
                "STOP_FAILED " + cluster,
                "no permission"));
    assertThat(journal.events().of(run)).endsWith(told.toArray(RunEvent[]::new));
  }

  @Test
  void stateWhoseEventCannotBeWrittenIsNotWrittenEither() throws Exception {
    Run run = claim();
    String job = "job-" + pipeline;
    journal.jobs().submitting(run, job, attempt -> "key");
    List<RunEvent> told = Collections.synchronizedList(new ArrayList<>());
    journal.onEvent(told::add);
    String constraint = "no_event_of_" + pipeline;
    database.execute(
        "alter table event add constraint %s check (not (run_id = '%s' and id > 0)) %s"
            .formatted(constraint, run.id(), database.unchecked()));
    try {
      for (Runnable write :
          List.<Runnable>of(
              () -> journal.jobs().submitted(run, job, 7),
              () -> journal.jobs().failed(run, job, Optional.empty(), "x"),
              () -> journal.jobs().killed(run, job, "x"),
              () -> journal.sessions().open(run, cluster, true),
              () -> journal.statuses().seen(run, "RUNNING"),
              () -> journal.claims().handOver(run),
              () -> TestRuns.end(journal, run, RunState.FAILED, Optional.of("x")))) {
        assertThatExceptionOfType(JdbiException.class).isThrownBy(write::run);
      }
      journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, Optional.of(run.id()), "x");
    } finally {
      database.execute("alter table event drop constraint " + constraint);
    }

    assertThat(journal.jobs().find(run, job).orElseThrow().state()).isEqualTo(JobState.SUBMITTING);
    assertThat(journal.sessions().of(run)).isEmpty();
    assertThat(journal.statuses().of(run)).isEmpty();
    assertThat(journal.runs().find(run.id())).contains(run);
    assertThat(alarms()).isEmpty();
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
    assertThat(told).filteredOn(event -> event.runId().equals(run.id())).isEmpty();
  }

  @Test
  void listenersHearOfAStateThatAnybodyCanRead() {
    Run run = claim();
    journal.jobs().submitting(run, "mart", attempt -> "key");
    List<JobState> seen = new ArrayList<>();
    journal.onEvent(
        event -> {
          if (event.runId().equals(run.id())) {
            seen.add(journal.jobs().find(run, "mart").orElseThrow().state());
          }
        });

    journal.jobs().submitted(run, "mart", 7);
    journal.jobs().failed(run, "mart", Optional.empty(), "x");

    assertThat(seen).containsExactly(JobState.SUBMITTED, JobState.FAILED);
  }

  @Test
  void listenerThatFailsDoesNotFailItsWriter() {
    Run run = claim();
    journal.onEvent(
        event -> {
          if (event.runId().equals(run.id())) {
            throw new IllegalStateException("a listener's trouble");
          }
        });

    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.runs().find(run.id()).orElseThrow().state()).isEqualTo(RunState.FAILED);
  }

  private List<Alarm> alarms() {
    return journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().contains(pipeline))
        .toList();
  }

  @Test
  void alarmIsRaisedOnceUntilTheClusterIsStopped() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    Optional<String> id = Optional.of(run.id());
    journal.sessions().open(run, cluster, true);
    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "no permission");
    CLOCK.pass(Duration.ofMinutes(1));
    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "no permission");
    journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, id, "no permission");

    assertThat(alarms())
        .containsExactly(
            alarm(AlarmKind.STOP_REFUSED, run, START, "no permission"),
            alarm(AlarmKind.STOP_FAILED, run, START.plusSeconds(60), "no permission"));
    assertThat(raised(run)).hasSize(2);

    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "quota");
    assertThat(alarms().get(0)).isEqualTo(alarm(AlarmKind.STOP_REFUSED, run, START, "quota"));
    assertThat(raised(run)).as("another cause is told").hasSize(3);

    journal.statuses().seen(run, "STOPPED");
    assertThat(alarms()).as("its start may still be under way").hasSize(2);
    journal.sessions().stopped(cluster);
    assertThat(alarms()).isEmpty();
    assertThat(kinds(run)).endsWith(RunEvent.Kind.ALARM_CLEARED, RunEvent.Kind.ALARM_CLEARED);

    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "quota");
    assertThat(alarms()).as("it is raised anew").hasSize(1);
  }

  private Alarm alarm(AlarmKind kind, Run run, Instant at, String detail) {
    return new Alarm(
        kind, cluster, Optional.of(run.id()), at, Optional.empty(), Optional.empty(), detail);
  }

  private static List<RunEvent> raised(Run run) {
    return journal.events().of(run).stream()
        .filter(event -> event.kind() == RunEvent.Kind.ALARM_RAISED)
        .toList();
  }

  @Test
  void clusterThatIsLeftRunningIsAnAlarmUntilSomebodySeesItStopped() {
    Run first = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.sessions().open(first, cluster, false);
    journal.sessions().leftRunning(first, "it was running before this run");
    TestRuns.end(journal, first, RunState.SUCCEEDED, Optional.empty());
    assertThat(alarms()).extracting(Alarm::kind).containsExactly(AlarmKind.LEFT_RUNNING);

    Run next = TestRuns.claim(journal, pipeline, DATE.plusDays(1), cluster, false);
    journal.statuses().seen(next, "RUNNING");
    assertThat(alarms()).hasSize(1);
    journal.statuses().seen(next, "STOPPED");

    assertThat(alarms()).isEmpty();
    assertThat(kinds(first)).endsWith(RunEvent.Kind.ALARM_CLEARED);
  }

  @Test
  void stepsAreWrittenOnceEachInTheirOrder() {
    Run run = claim();
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    CLOCK.pass(Duration.ofMinutes(1));
    journal.runs().step(run, RunStep.SUBMIT_JOB, "mart");
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.runs().steps(run))
        .containsExactly(
            new StepRecord(
                run.id(), RunStep.START_CLUSTER, "", START, Optional.of(START.plusSeconds(60))),
            new StepRecord(
                run.id(),
                RunStep.SUBMIT_JOB,
                "mart",
                START.plusSeconds(60),
                Optional.of(START.plusSeconds(60))));
  }
}
