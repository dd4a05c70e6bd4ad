package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SubmitJobTest {
  @RegisterExtension final Stage stage = new Stage();
  private SubmitJob submitJob;
  private Run run;

  @BeforeEach
  void create() {
    submitJob = new SubmitJob(stage.journal, stage.clock);
    run = stage.claimAndName("mart");
    stage.endpoint.answers(201, Stage.batch(7, "starting", "mart"));
  }

  private JobRun job() {
    return stage.journal.jobs().find(run, "mart").orElseThrow();
  }

  private List<String> keys() {
    return submissions().stream().map(request -> request.headers().get("idempotency-key")).toList();
  }

  private List<ScriptedEndpoint.Request> submissions() {
    return stage.endpoint.requests().stream()
        .filter(request -> request.method().equals("POST"))
        .toList();
  }

  private void assertTold(boolean finished, boolean verified) {
    assertThat(stage.context().submissionPending()).isFalse();
    assertThat(stage.context().jobRunning()).isEqualTo(!finished);
    assertThat(stage.context().verificationPending()).isEqualTo(finished && !verified);
  }

  @Test
  void jobWhoseSubmissionFailedForAMomentStaysOpen() {
    stage.endpoint.answers(503, "{\"msg\":\"busy\"}");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange));

    assertThat(stage.context().submissionPending()).isTrue();
  }

  @Test
  void timeOfTheJobBeginsWithItsIntentWhateverTheDateSaysAfterwards() {
    stage.endpoint.answers(503, "{\"msg\":\"busy\"}");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange));
    Duration begun = stage.clock.elapsed();
    stage.clock.step(Duration.ofHours(7));
    stage.clock.pass(Duration.ofSeconds(3));
    stage.endpoint.answers(201, Stage.batch(7, "starting", "mart"));
    submitJob.process(stage.exchange);

    assertThat(stage.context().attemptSince(job(), Duration.ofDays(1))).isEqualTo(begun);
  }

  @Test
  void submitsUnderTheRunsKeyAndRecordsTheBatch() throws Exception {
    submitJob.process(stage.exchange);

    assertThat(keys()).containsExactly(stage.pipeline + "/mart/2026-11-21/1");
    ScriptedEndpoint.Request request = stage.endpoint.requests().get(0);
    JsonNode body = new ObjectMapper().readTree(request.body());
    assertThat(body.path("args").toString()).isEqualTo("[\"--date\",\"2026-11-21\"]");
    assertThat(body.path("name").asText()).isEqualTo(keys().get(0));
    assertThat(job().state()).isEqualTo(JobState.SUBMITTED);
    assertThat(job().batchId()).contains(7);
    assertTold(false, false);
  }

  @Test
  void intentIsWrittenBeforeTheEndpointIsAsked() {
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                job().state() == JobState.SUBMITTING ? 201 : 500,
                "application/json",
                Stage.batch(7, "starting", "mart")));

    submitJob.process(stage.exchange);

    assertThat(job().batchId()).contains(7);
  }

  @Test
  void sameKeyAndBodyAgainAfterACrash() {
    stage.endpoint.answers(exchange -> {});
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange));
    assertThat(job().state()).isEqualTo(JobState.SUBMITTING);
    stage.afterRestart();
    stage.claimAndName("mart");
    stage.endpoint.answers(201, Stage.batch(7, "running", "mart"));

    submitJob.process(stage.exchange);

    assertThat(keys()).hasSizeGreaterThan(1);
    assertThat(List.copyOf(new java.util.HashSet<>(keys()))).hasSize(1);
    assertThat(submissions())
        .extracting(ScriptedEndpoint.Request::body)
        .containsOnly(submissions().get(0).body());
    assertThat(job().batchId()).contains(7);
  }

  @Test
  void newAttemptHasAnotherKey() {
    submitJob.process(stage.exchange);
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("broken"));
    stage.afterRestart();
    stage.claimAndName("mart");

    submitJob.process(stage.exchange);

    assertThat(keys()).last().isEqualTo(stage.pipeline + "/mart/2026-11-21/2");
  }

  @Test
  void verifiedJobIsNotSubmitted() {
    stage.journal.jobs().submitting(run, "mart", attempt -> "key");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.journal.jobs().succeeded(run, "mart", Optional.empty());
    stage
        .journal
        .jobs()
        .verified(
            run,
            "mart",
            1,
            1,
            new OutputReport(
                S3Location.of("s3://lake/mart/"),
                1,
                10,
                OptionalLong.of(3),
                List.of(),
                Optional.empty(),
                Optional.empty()),
            "");

    submitJob.process(stage.exchange);

    assertThat(stage.requests()).isEmpty();
    assertTold(true, true);
  }

  @Test
  void jobThatSucceededIsNotSubmittedButItsOutputIsStillToBeVerified() {
    stage.journal.jobs().submitting(run, "mart", attempt -> "key");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.journal.jobs().succeeded(run, "mart", Optional.empty());

    submitJob.process(stage.exchange);

    assertThat(stage.requests()).isEmpty();
    assertTold(true, false);
  }

  @Test
  void refusalIsFatalInTheEndpointsWords() {
    stage.endpoint.answers(400, "{\"msg\":\"Rejected, Reason: file not allowed\"}");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("file not allowed");
    assertThat(job().batchId()).isEmpty();
  }

  /** A stock Livy that holds these batches and refuses every submission. */
  private void stockLivyHolds(String... batches) {
    stage.endpoint.answers(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/health")) {
            ScriptedEndpoint.reply(exchange, 404, "text/html", "<h1>404</h1>");
          } else if (exchange.getRequestMethod().equals("POST")) {
            ScriptedEndpoint.reply(
                exchange,
                400,
                "application/json",
                "{\"msg\":\"Duplicate session name: Some(x) for session 9\"}");
          } else {
            ScriptedEndpoint.reply(
                exchange,
                200,
                "application/json",
                "{\"from\":0,\"total\":%d,\"sessions\":[%s]}"
                    .formatted(batches.length, String.join(",", batches)));
          }
        });
  }

  private String name() {
    return stage.pipeline + "/mart/2026-11-21/1";
  }

  @Test
  void batchOfALostAnswerIsFoundByItsNameAtAStockLivy() {
    stage.journal.jobs().submitting(run, "mart", attempt -> name());
    stockLivyHolds(Stage.batch(0, "running", "other"), Stage.batch(3, "success", name()));

    submitJob.process(stage.exchange);

    assertThat(job().batchId()).contains(3);
    assertThat(submissions()).isEmpty();
  }

  @Test
  void batchThatAStockLivyHasForgottenIsLostAndNotStartedAgain() {
    stage.journal.jobs().submitting(run, "mart", attempt -> name());
    stage.journal.jobs().submitted(run, "mart", 3);
    stockLivyHolds(Stage.batch(3, "success", "somebody-elses"));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("Job mart is lost")
        .withMessageContaining("forgotten its batch 3, " + name());
    assertThat(submissions()).isEmpty();
  }

  @Test
  void jobThatHasFailedIsNotStartedAgainAtAStockLivy() {
    stage.journal.jobs().submitting(run, "mart", attempt -> name());
    stage.journal.jobs().failed(run, "mart", Optional.empty(), "Job mart failed: so it said");
    stockLivyHolds();

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessage("Job mart failed: so it said");
    assertThat(submissions()).isEmpty();
  }

  @Test
  void entryThatARefusedSubmissionLeftIsNotTakenForARunningBatch() {
    stage.journal.jobs().submitting(run, "mart", attempt -> name());
    stockLivyHolds(
        "{\"id\":3,\"name\":\"%s\",\"state\":\"starting\",\"log\":[]}".formatted(name()));

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("holds a batch 3, " + name() + ", that has not begun");
    assertThat(submissions()).isEmpty();
    assertThat(job().batchId()).isEmpty();
  }

  @Test
  void nameThatAStrangerHasIsFatalAndTheStrangerIsNotOursToKill() {
    stockLivyHolds();

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("already has a batch named '" + name() + "'");
    assertThat(job().state().isInFlight()).isFalse();
  }

  @Test
  void nameThatOurOwnSubmissionTookMeanwhileIsLookedUpAgain() {
    stage.journal.jobs().submitting(run, "mart", attempt -> name());
    stockLivyHolds();

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange));
    assertThat(job().state()).isEqualTo(JobState.SUBMITTING);
  }

  @Test
  void jobThatNobodyConfiguredIsSaidAndNotSubmitted() {
    stage.context().beginJob("other");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("'other'")
        .withMessageContaining("[mart]");
    assertThat(stage.requests()).isEmpty();
  }

  @Test
  void saysWhatTheRouteForgot() {
    stage.context().finishJobs();
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("nextJob");

    stage.afterRestart();
    stage.define(Stage.job("mart"));
    stage.context().beginJob("mart");
    stage.claim();
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submitJob.process(stage.exchange))
        .withMessageContaining("endpoint");
  }
}
