package dev.caravan.processors.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobStage;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.processors.journal.StepRecord;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.shared.batches.SparkStage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionTraceTest {
  private static final Instant OPENED = Instant.parse("2026-11-10T01:00:00Z");

  private static Instant at(long second) {
    return OPENED.plusSeconds(second);
  }

  private static ClusterSession session(Optional<Instant> stopped) {
    return new ClusterSession(
        7,
        "c9q",
        true,
        stopped.isPresent() ? SessionState.STOPPED : SessionState.LEFT_RUNNING,
        OPENED,
        Optional.of("op-1"),
        Optional.of(at(100)),
        stopped.map(at -> at.minusSeconds(50)),
        stopped);
  }

  private static Run run(int day, Cause cause, RunState state, long from, long until) {
    return new Run(
        "marts/2026-11-0" + day + "/1",
        "marts",
        LocalDate.of(2026, 11, day),
        1,
        Optional.of("c9q"),
        false,
        state,
        Optional.of(state),
        at(from),
        Optional.of(at(until)),
        state == RunState.FAILED ? Optional.of("load: exit code 3") : Optional.empty(),
        Optional.of(cause),
        Optional.of(at(-30)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static JobRun attempt(Run run, int number, JobState state, long from, long until) {
    return new JobRun(
        run.id(),
        "load",
        number,
        state,
        "key-" + number,
        Optional.of(12),
        Optional.of("application_1_2"),
        at(from),
        Optional.of(at(until)),
        state == JobState.FAILED ? Optional.of("exit code 3") : Optional.empty(),
        Optional.empty(),
        1,
        false);
  }

  private static final Run FIRST = run(8, Cause.SCHEDULE, RunState.SUCCEEDED, -2, 210);
  private static final Run SECOND = run(9, Cause.BACKFILL, RunState.FAILED, 210, 250);

  private static SessionRecord night(Optional<Instant> stopped) {
    return new SessionRecord(
        session(stopped),
        List.of(
            new ClusterStatusInterval(7, "STOPPED", at(-1), Optional.of(at(5))),
            new ClusterStatusInterval(7, "STARTING", at(5), Optional.of(at(100))),
            new ClusterStatusInterval(7, "RUNNING", at(100), Optional.of(at(255))),
            new ClusterStatusInterval(7, "STOPPING", at(255), Optional.of(at(300)))),
        List.of(FIRST, SECOND),
        List.of(
            attempt(FIRST, 1, JobState.FAILED, 110, 150),
            attempt(FIRST, 2, JobState.VERIFIED, 150, 190),
            attempt(SECOND, 1, JobState.FAILED, 220, 240)),
        List.of(
            new StepRecord(FIRST.id(), RunStep.SUBMIT_JOB, "load", at(109), Optional.of(at(110))),
            new StepRecord(FIRST.id(), RunStep.AWAIT_JOB, "load", at(110), Optional.of(at(190))),
            new StepRecord(
                FIRST.id(), RunStep.VERIFY_OUTPUT, "load", at(190), Optional.of(at(205))),
            new StepRecord(SECOND.id(), RunStep.STOP_CLUSTER, "", at(250), Optional.empty())));
  }

  private static List<TraceSpan> spans(SessionRecord record) {
    return SessionTrace.spans(
        record,
        "main",
        run ->
            run == FIRST
                ? List.of(
                    new JobOutput("load", 2, 1, "s3://lake/a/", 1, 500, Optional.of(40L)),
                    new JobOutput("load", 2, 2, "s3://lake/b/", 1, 5, Optional.empty()))
                : List.of(),
        run -> run == FIRST ? List.of(stage(0, 155, 170), stage(1, 171, 188)) : List.of());
  }

  private static JobStage stage(int id, long from, long until) {
    return new JobStage(
        "load",
        2,
        new SparkStage(
            id,
            0,
            "count at Main.java:1",
            Optional.of(at(from)),
            Optional.of(at(until)),
            8,
            id == 1 ? Optional.of("a task was lost") : Optional.empty()));
  }

  /** Each span as "name < name of its parent", in order. */
  private static List<String> tree(List<TraceSpan> spans) {
    Map<String, TraceSpan> byId =
        spans.stream().collect(Collectors.toMap(TraceSpan::id, Function.identity()));
    return spans.stream()
        .map(
            span ->
                span.name()
                    + span.parentId().map(id -> " < " + byId.get(id).name()).orElse(" (root)"))
        .toList();
  }

  private static TraceSpan named(List<TraceSpan> spans, String name, int number) {
    return spans.stream().filter(span -> span.name().equals(name)).toList().get(number);
  }

  @Test
  void sessionHoldsClusterAndRunsAndTheseTheirJobsAndSteps() {
    assertThat(tree(spans(night(Optional.of(at(300))))))
        .containsExactly(
            "session main (root)",
            "start cluster < session main",
            "stop cluster < session main",
            "cluster STOPPED < start cluster",
            "cluster STARTING < start cluster",
            "cluster RUNNING < session main",
            "cluster STOPPING < stop cluster",
            "queued marts < session main",
            "run marts < session main",
            "job load < run marts",
            "job load < run marts",
            "stage count at Main.java:1 < job load",
            "stage count at Main.java:1 < job load",
            "step SUBMIT_JOB < run marts",
            "step VERIFY_OUTPUT < run marts",
            "run marts < session main",
            "job load < run marts",
            "step STOP_CLUSTER < run marts");
  }

  @Test
  void itBeginsWithTheScheduleAndEndsWithTheStop() {
    List<TraceSpan> spans = spans(night(Optional.of(at(300))));
    TraceSpan root = spans.get(0);

    assertThat(root.from()).isEqualTo(at(-30));
    assertThat(root.until()).isEqualTo(at(300));
    assertThat(root.failure()).contains("1 of 2 runs did not succeed");
    assertThat(root.attributes())
        .containsEntry("caravan.session.id", 7L)
        .containsEntry("caravan.cause", "BACKFILL,SCHEDULE")
        .containsEntry("caravan.cluster.id", "c9q")
        .containsEntry("caravan.session.ours", true);
    assertThat(named(spans, "queued marts", 0).from()).isEqualTo(at(-30));
    assertThat(named(spans, "queued marts", 0).until()).isEqualTo(at(-2));
    assertThat(spans)
        .allSatisfy(span -> assertThat(span.until()).isAfterOrEqualTo(span.from()))
        .allSatisfy(span -> assertThat(span.from()).isAfterOrEqualTo(root.from()))
        .allSatisfy(span -> assertThat(span.until()).isBeforeOrEqualTo(root.until()));
  }

  @Test
  void attemptsTellWhatBecameOfThem() {
    List<TraceSpan> spans = spans(night(Optional.of(at(300))));

    TraceSpan failed = named(spans, "job load", 0);
    assertThat(failed.failure()).contains("exit code 3");
    assertThat(failed.attributes())
        .containsEntry("caravan.job.attempt", 1L)
        .containsEntry("caravan.batch.id", 12L)
        .containsEntry("caravan.application.id", "application_1_2")
        .doesNotContainKey("caravan.output.rows");
    TraceSpan verified = named(spans, "job load", 1);
    assertThat(verified.failure()).isEmpty();
    assertThat(verified.attributes())
        .containsEntry("caravan.output.rows", 40L)
        .containsEntry("caravan.output.bytes", 505L);
    TraceSpan stage = named(spans, "stage count at Main.java:1", 1);
    assertThat(stage.parentId()).contains(verified.id());
    assertThat(stage.from()).isEqualTo(at(171));
    assertThat(stage.failure()).contains("a task was lost");
    assertThat(stage.attributes())
        .containsEntry("spark.stage.id", 1L)
        .containsEntry("spark.stage.tasks", 8L);
    assertThat(named(spans, "run marts", 0).failure()).isEmpty();
    assertThat(named(spans, "run marts", 1).failure()).contains("load: exit code 3");
  }

  @Test
  void idsAreTheSameEachTimeAndDifferentFromEachOther() {
    SessionRecord record = night(Optional.of(at(300)));

    assertThat(spans(record)).isEqualTo(spans(record));
    assertThat(spans(record)).extracting(TraceSpan::id).doesNotHaveDuplicates();
    assertThat(spans(record)).extracting(TraceSpan::id).allMatch(id -> id.matches("[0-9a-f]{16}"));
  }

  @Test
  void oneThatWasLeftRunningEndsWithTheLastLook() {
    assertThat(spans(night(Optional.empty())).get(0).until()).isEqualTo(at(300));
  }

  /** Its first part is in the trace of the session before. */
  @Test
  void runThatWentOnInThisSessionBeginsWithIt() {
    Run run = run(8, Cause.SCHEDULE, RunState.SUCCEEDED, -600, 200);
    SessionRecord record =
        new SessionRecord(
            session(Optional.of(at(300))),
            List.of(),
            List.of(run),
            List.of(
                attempt(run, 1, JobState.KILLED, -500, -100),
                attempt(run, 2, JobState.VERIFIED, 150, 190)),
            List.of());
    List<TraceSpan> spans = spans(record);

    assertThat(spans.get(0).from()).isEqualTo(OPENED);
    assertThat(tree(spans))
        .containsExactly(
            "session main (root)",
            "start cluster < session main",
            "stop cluster < session main",
            "run marts < session main",
            "job load < run marts");
    assertThat(named(spans, "job load", 0).attributes()).containsEntry("caravan.job.attempt", 2L);
  }
}
