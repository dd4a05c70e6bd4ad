package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobStage;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.pipelines.JobPolicy;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.SparkStage;
import dev.caravan.shared.cloud.ClusterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwaitJobTest {
  private static final String LOG =
      """
      {"id":7,"from":0,"total":2,"log":["stderr: ","caravan-spark-jobs: no events from 2026-11-15 on"]}""";

  @RegisterExtension final Stage stage = new Stage();
  private AwaitJob awaitJob;
  private Run run;

  @BeforeEach
  void create() {
    awaitJob = new AwaitJob(stage.journal, stage.clusters, stage.clock);
    run = stage.claimAndName("mart");
    stage.journal.jobs().submitting(run, "mart", attempt -> "mart");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.context().jobSubmitted(1);
    stage.clusters.is(ClusterStatus.RUNNING);
  }

  private JobRun job() {
    return stage.journal.jobs().find(run, "mart").orElseThrow();
  }

  private boolean isFinished() {
    awaitJob.process(stage.exchange);
    return !stage.context().jobRunning();
  }

  private Duration nextLook() {
    return stage.context().work().due().orElseThrow().minus(stage.clock.elapsed());
  }

  private void batchIs(String state) {
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                200,
                "application/json",
                exchange.getRequestURI().getPath().endsWith("/log")
                    ? LOG
                    : Stage.batch(7, state, "mart")
                        .replace("\"log\":[]", "\"exitCode\":66,\"log\":[]")));
  }

  private void mayBeTriedTwice(Set<Integer> retryOn, Duration delay) {
    PipelineJob job = Stage.job("mart");
    JobPolicy policy = new JobPolicy(job.timeout(), Duration.ofSeconds(5), 2, retryOn, delay, 1);
    stage.define(
        new PipelineJob(
            job.name(), job.needs(), job.program(), policy, job.outputs(), job.summary()));
  }

  @ParameterizedTest
  @CsvSource({"'', true", "66, true", "1, false"})
  void jobIsTriedAgainAfterTheExitCodesThatItNames(String retryOn, boolean again) {
    mayBeTriedTwice(retryOn.isEmpty() ? Set.of() : Set.of(Integer.valueOf(retryOn)), Duration.ZERO);
    batchIs("dead");

    if (again) {
      assertThat(isFinished()).isTrue();
      assertThat(stage.context().submissionPending()).isTrue();
    } else {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(this::isFinished)
          .withMessageContaining("exit code 66");
    }
    assertThat(job().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void anotherAttemptIsDueAfterItsDelay() {
    mayBeTriedTwice(Set.of(), Duration.ofMinutes(1));
    batchIs("dead");

    assertThat(isFinished()).isTrue();

    assertThat(stage.context().submissionPending()).isTrue();
    assertThat(nextLook()).isEqualTo(Duration.ofMinutes(1));
    assertThat(job().mayFollow()).isTrue();
  }

  @Test
  void successEndsTheWait() {
    batchIs("success");

    assertThat(isFinished()).isTrue();
    assertThat(stage.context().work().due()).as("its outputs are checked at once").isEmpty();
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job().applicationId()).contains("application_1_7");
    assertThat(job().endedAt()).contains(Stage.START);
  }

  private void endsWithStages(int status, String answer) {
    stage.journal.traces().keep();
    stage.endpoint.answers(
        exchange -> {
          boolean stages = exchange.getRequestURI().getPath().endsWith("/stages");
          ScriptedEndpoint.reply(
              exchange,
              stages ? status : 200,
              "application/json",
              stages ? answer : Stage.batch(7, "success", "mart"));
        });
  }

  @Test
  void stagesOfAJobThatHasEndedAreKeptForItsTrace() {
    endsWithStages(
        200,
        """
        {"id":7,"stages":[{"id":3,"attempt":1,"name":"parquet at Main.java:42","submittedAt":"2026-11-21T01:00:00Z",
         "completedAt":"2026-11-21T01:00:09Z","tasks":8,"failure":null}],"reason":null}""");

    assertThat(isFinished()).isTrue();

    assertThat(stage.journal.traces().stages(run))
        .containsExactly(
            new JobStage(
                "mart",
                job().attempt(),
                new SparkStage(
                    3,
                    1,
                    "parquet at Main.java:42",
                    Optional.of(Instant.parse("2026-11-21T01:00:00Z")),
                    Optional.of(Instant.parse("2026-11-21T01:00:09Z")),
                    8,
                    Optional.empty())));
  }

  /** A stock Livy, an endpoint that is busy, and answers that are none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | {}",
        "503 | {\"msg\":\"busy\"}",
        "200 | <html>",
        "200 | {\"stages\":[{\"id\":\"x\"}]}",
        "200 | {\"stages\":[{\"id\":1,\"attempt\":0,\"tasks\":1,\"submittedAt\":\"soon\"}]}"
      })
  void jobDoesNotFailForItsStages(int status, String answer) {
    endsWithStages(status, answer);

    assertThat(isFinished()).isTrue();
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(stage.journal.traces().stages(run)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"starting", "running", "recovering", "shutting_down", "idle", "busy"})
  void batchThatHasNotEndedIsAwaited(String state) {
    batchIs(state);

    assertThat(isFinished()).isFalse();
    assertThat(nextLook()).isEqualTo(Duration.ofSeconds(1));
    stage.clock.pass(Duration.ofMinutes(10));
    assertThat(isFinished()).isFalse();
    assertThat(nextLook()).isEqualTo(Duration.ofSeconds(5));
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT7H", "PT90M", "PT-90M", "PT-7H"})
  void noStepOfTheDateEndsAJobOrLengthensItsTime(Duration step) {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(59));
    assertThat(isFinished()).isFalse();
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(2));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("did not end within 1h");
  }

  @Test
  void jobThatIsTakenUpGetsOneMoreTimeAtMostWhateverTheDateSays() {
    batchIs("running");
    stage.afterRestart();
    run = stage.claimAndName("mart");
    stage.context().jobSubmitted(1);
    stage.clock.step(Duration.ofMinutes(-90));
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofMinutes(61));

    assertThatExceptionOfType(FatalException.class).isThrownBy(this::isFinished);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead", "killed"})
  void failedBatchFailsTheJobWithItsExitCodeAndLastWord(String state) {
    batchIs(state);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessage(
            "Job mart failed: batch 7 ended %s with exit code 66 (no input in the window): no events from 2026-11-15 on",
            state);
    assertThat(job().state()).isEqualTo(JobState.FAILED);
    assertThat(job().failure().orElseThrow()).contains("exit code 66");
  }

  /** The endpoint was killed as it started the batch, for instance. */
  @Test
  void batchThatNeverRanIsTriedOnceMoreWhateverTheJobsAttempts() {
    batchIs("error");

    assertThat(isFinished()).isTrue();
    assertThat(stage.context().submissionPending()).isTrue();
    assertThat(job().mayFollow()).isTrue();

    stage.journal.jobs().submitting(run, "mart", attempt -> "mart-2");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.context().jobSubmitted(2);
    stage.endpoint.answers(200, Stage.batch(7, "error", "mart-2"));
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("ended error");
    assertThat(job().mayFollow()).isFalse();
  }

  @Test
  void errorOfAStockLivySaysNotThatNothingRan() {
    stage.endpoint.answers(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          ScriptedEndpoint.reply(
              exchange,
              path.equals("/health") ? 404 : 200,
              "application/json",
              path.endsWith("/log") ? LOG : Stage.batch(7, "error", "mart"));
        });

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("ended error");
  }

  @Test
  void failureIsToldEvenIfItsLogCannotBeRead() {
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                exchange.getRequestURI().getPath().endsWith("/log") ? 503 : 200,
                "application/json",
                Stage.batch(7, "dead", "mart")));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessage("Job mart failed: batch 7 ended dead");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
  }

  @ParameterizedTest
  @CsvSource({"500, {}", "503, {\"msg\":\"busy\"}", "502, <html>", "401, {}", "404, <html>"})
  void pollThatFailsDoesNotFailTheJob(int status, String body) {
    stage.endpoint.answers(status, body);

    assertThat(isFinished()).isFalse();
    assertThat(isFinished()).isFalse();
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);

    batchIs("success");
    assertThat(isFinished()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPING", "STOPPED", "ERROR"})
  void pollThatFailsBecauseTheClusterIsGoneFailsTheJob(ClusterStatus status) {
    stage.endpoint.close();
    stage.clusters.is(status);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("is " + status + " while job mart was running");
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPING", "STOPPED", "ERROR"})
  void clusterOnItsWayDownDoesNotFailAJobThatStillAnswers(ClusterStatus status) {
    stage.clusters.is(status);
    batchIs("success");

    assertThat(isFinished()).isTrue();
  }

  @Test
  void jobIsNotFailedWhileNeitherEndpointNorCloudCanBeReached() {
    stage.endpoint.close();
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE"));

    assertThat(isFinished()).isFalse();
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);
  }

  @Test
  void batchThatTheEndpointDoesNotKnowIsLost() {
    stage.endpoint.answers(404, "{\"msg\":\"Session '7' not found.\"}");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("Job mart is lost")
        .withMessageContaining("batch 7");
  }

  @Test
  void strangerUnderOurNumberIsNotTakenForOurs() {
    stage.endpoint.answers(200, Stage.batch(7, "success", "somebody-elses"));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("Job mart is lost")
        .withMessageContaining("number 7 is another batch now, named somebody-elses")
        .withMessageContaining("Whether it still runs isn't known");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void strangerUnderOurNumberIsNotKilledAtTheDeadline() {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(2));
    stage.endpoint.answers(200, Stage.batch(7, "running", "somebody-elses"));

    assertThatExceptionOfType(FatalException.class).isThrownBy(this::isFinished);
    assertThat(stage.requests()).noneMatch(request -> request.startsWith("DELETE"));
  }

  @Test
  void batchThatCannotBeLookedAtIsNotKilledBlindly() {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(2));
    stage.endpoint.answers(503, "{}");

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("can't be looked at, nor killed");
    assertThat(stage.requests()).noneMatch(request -> request.startsWith("DELETE"));
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "404|{\"msg\":\"Session '7' not found.\"}|; its batch 7 was told to end, and now the endpoint at",
        "200|{\"id\":7,\"name\":\"mart\",\"state\":\"killed\"}| and its batch 7 was killed",
      })
  void killWhoseAnswerWasLostIsToldFromALostBatch(int status, String body, String told) {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(2));
    stage.endpoint.answers(
        exchange -> {
          if (exchange.getRequestMethod().equals("GET")) {
            ScriptedEndpoint.reply(
                exchange, 200, "application/json", Stage.batch(7, "running", "mart"));
          }
        });
    assertThatExceptionOfType(RetryableException.class).isThrownBy(this::isFinished);
    stage.endpoint.answers(status, body);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("did not end within 1h" + told);
    assertThat(job().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void batchIsKilledAtItsDeadlineAndNotBefore() {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(1));
    assertThat(isFinished()).isFalse();
    assertThat(stage.requests()).doesNotContain("DELETE /batches/7");
    stage.clock.pass(Duration.ofSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessageContaining("did not end within 1h and its batch 7 was killed")
        .withMessageContaining("its timeout in the pipeline's file");
    assertThat(stage.requests()).endsWith("DELETE /batches/7");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void jobWhoseKillIsNotConfirmedIsNotCalledFailed() {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(2));
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                "DELETE".equals(exchange.getRequestMethod()) ? 503 : 200,
                "application/json",
                Stage.batch(7, "running", "mart")));

    assertThatExceptionOfType(RetryableException.class).isThrownBy(this::isFinished);
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);
  }

  @Test
  void batchThatSucceededAtItsDeadlineIsNotKilled() {
    batchIs("running");
    assertThat(isFinished()).isFalse();
    stage.clock.pass(Duration.ofHours(2));
    batchIs("success");

    assertThat(isFinished()).isTrue();
    assertThat(stage.requests()).doesNotContain("DELETE /batches/7");
  }

  @Test
  void jobThatWasNeverSubmittedIsSaid() {
    stage.context().beginJob("mart");
    Run other = TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE.plusDays(1), false);
    stage.context().claimed(other);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessage("Job mart was not submitted.");

    stage.journal.jobs().submitting(other, "mart", attempt -> "key");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isFinished)
        .withMessage("Job mart has no batch at the endpoint.");
    assertThat(stage.requests()).isEmpty();
  }
}
