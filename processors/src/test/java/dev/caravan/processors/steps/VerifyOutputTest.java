package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Extension;
import dev.caravan.processors.output.SummaryReader;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.s3.S3Key;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job by what S3 lists; the verification itself has tests of its own. */
class VerifyOutputTest {
  @RegisterExtension final Stage stage = new Stage();
  @TempDir private Path directory;
  private DefaultCamelContext camel;
  private Run run;
  private volatile boolean bucketAway;

  @BeforeEach
  void create() throws IOException {
    camel = new DefaultCamelContext();
    camel.start();
    S3Component.configure(
        camel,
        S3Extension.settings(stage.endpoint.uri(), new S3Key("id", "secret"), Optional.empty()));
    run = stage.claimAndName("mart");
    stage.journal.jobs().submitting(run, "mart", attempt -> "key");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.journal.jobs().succeeded(run, "mart", Optional.of("application_1_7"));
  }

  @AfterEach
  void stop() throws IOException {
    camel.close();
  }

  private void verify(PipelineJob job) {
    stage.define(job);
    VerifyOutput step =
        new VerifyOutput(
            stage.journal, new OutputVerifier(camel), new SummaryReader(camel), stage.clock);
    do {
      step.process(stage.exchange);
    } while (stage.context().work().outputsVerified() < job.outputs().size());
  }

  private static PipelineJob promising(int... objects) {
    return Stage.job(
        "mart",
        Arrays.stream(objects)
            .mapToObj(least -> Stage.output("s3://lake/mart/date={date}/", least))
            .toList());
  }

  /** One object lies there; a listing that continues after it finds nothing. */
  private void lies(Instant written) {
    stage.endpoint.answers(
        exchange -> {
          if ("HEAD".equals(exchange.getRequestMethod())) {
            ScriptedEndpoint.reply(exchange, 200, "application/xml", "");
            return;
          }
          if (bucketAway && exchange.getRequestURI().getPath().startsWith("/away")) {
            ScriptedEndpoint.reply(exchange, 503, "application/xml", "");
            return;
          }
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          String contents =
              query.contains("marker=mart")
                  ? ""
                  : "<Contents><Key>mart/date=2026-11-21/part-0.csv</Key><LastModified>"
                      + written
                      + "</LastModified><ETag>\"e\"</ETag><Size>12</Size></Contents>";
          ScriptedEndpoint.reply(
              exchange,
              200,
              "application/xml",
              "<?xml version=\"1.0\"?><ListBucketResult><Name>lake</Name><IsTruncated>false</IsTruncated>"
                  + contents
                  + "</ListBucketResult>");
        });
  }

  private JobRun job() {
    return stage.journal.jobs().find(run, "mart").orElseThrow();
  }

  @Test
  void keptPromiseIsRecordedWithWhatWasFound() {
    lies(Stage.START.plusSeconds(60));

    verify(promising(1));

    assertThat(job().state()).isEqualTo(JobState.VERIFIED);
    assertThat(stage.journal.jobs().outputs(run))
        .containsExactly(
            new JobOutput(
                "mart", 1, 1, "s3://lake/mart/date=2026-11-21/", 1, 12, Optional.empty()));
    assertThat(stage.events(run, RunEvent.Kind.OUTPUT_VERIFIED))
        .containsExactly("mart 1 object, 12 bytes");
  }

  @Test
  void jobIsVerifiedWithItsLastOutput() {
    lies(Stage.START.plusSeconds(60));

    verify(promising(1, 1));

    assertThat(job().state()).isEqualTo(JobState.VERIFIED);
    assertThat(stage.context().verificationPending()).isFalse();
    assertThat(stage.journal.jobs().outputs(run))
        .extracting(JobOutput::number)
        .containsExactly(1, 2);
  }

  @Test
  void laterOutputThatBreaksItsPromiseFailsTheJob() {
    lies(Stage.START.plusSeconds(60));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verify(promising(1, 2)))
        .withMessageContaining("promised at least 2 data objects, found 1");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
    assertThat(stage.journal.jobs().outputs(run)).as("what was verified is kept").hasSize(1);
  }

  @Test
  void repetitionGoesOnWithTheOutputThatItCameTo() {
    lies(Stage.START.plusSeconds(60));
    stage.context().jobSucceeded(1);
    PipelineJob job =
        Stage.job(
            "mart",
            List.of(
                Stage.output("s3://lake/mart/date={date}/", 1),
                Stage.output("s3://away/mart/", 1)));
    bucketAway = true;
    assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> verify(job));
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
    int asked = stage.requests().size();
    bucketAway = false;

    verify(job);

    assertThat(job().state()).isEqualTo(JobState.VERIFIED);
    assertThat(stage.requests().subList(asked, stage.requests().size()))
        .noneMatch(request -> request.contains("/lake"));
  }

  @Test
  void brokenPromiseFailsAJobThatEndedWithSuccess() {
    lies(Stage.START.plusSeconds(60));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verify(promising(2)))
        .withMessageStartingWith("Job mart ended with success, but: ")
        .withMessageContaining("promised at least 2 data objects, found 1");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
    assertThat(job().failure().orElseThrow()).contains("promised at least 2");
  }

  @Test
  void whatAnEarlierRunLeftIsNotTakenForThisRunsOutput() {
    lies(Stage.START.minusSeconds(60));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verify(promising(1)))
        .withMessageContaining("older");
  }

  @Test
  void dateThatIsSetBackWhileTheJobRunsMakesNothingTooOld() {
    stage.context().attemptSince(job(), stage.clock.elapsed());
    stage.clock.step(Duration.ofMinutes(-90));
    stage.clock.pass(Duration.ofMinutes(2));
    lies(Stage.START.minus(Duration.ofMinutes(89)));

    verify(promising(1));

    assertThat(job().state()).isEqualTo(JobState.VERIFIED);
  }

  @Test
  void whatAContinuedRunWroteBeforeTheCrashIsItsOwn() {
    lies(Stage.START.plusSeconds(60));
    stage.clock.pass(Duration.ofHours(3));
    stage.afterRestart();
    run = stage.claimAndName("mart");

    verify(promising(1));

    assertThat(job().state()).isEqualTo(JobState.VERIFIED);
  }

  @Test
  void jobIsNotFailedBecauseS3IsAway() {
    stage.endpoint.answers(503, "");

    assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> verify(promising(1)));
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void jobThatPromisesNothingIsLeftAlone() {
    verify(Stage.job("mart"));

    assertThat(stage.requests()).isEmpty();
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
  }
}
