package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.camel.ExchangePropertyKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailJobTest {
  @RegisterExtension final Stage stage = new Stage();

  @BeforeEach
  void name() {
    stage.claimAndName("mart");
  }

  private void caught(Exception cause) {
    stage.exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, cause);
    new FailJob().process(stage.exchange);
  }

  static List<Exception> ofTheJob() {
    return List.of(new FatalException("broken"), new RetryableException("S3 is away"));
  }

  @ParameterizedTest
  @MethodSource("ofTheJob")
  void failureIsTheJobs(Exception cause) {
    caught(cause);

    assertThat(stage.context().jobFailures()).containsEntry("mart", cause);
    assertThat(stage.context().jobsLeft()).as("the run goes on").isTrue();
    assertThat(stage.exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT))
        .as("the end of the run would take it for the run's")
        .isNull();
  }

  @Test
  void whateverAStepOfAUsersThrowsIsTheJobsAndSaysWhere() {
    IllegalStateException thrown = new IllegalStateException("only 3 cities");
    stage.context().noteFailure(thrown, "step too-few of route my-check");
    stage.context().noteFailure(thrown, "step call of route run-job");
    caught(thrown);

    assertThat(stage.context().jobFailures().get("mart"))
        .isInstanceOf(FatalException.class)
        .hasMessage(
            "Job mart failed at step too-few of route my-check: java.lang.IllegalStateException: only 3 cities")
        .hasCause(thrown);
    assertThat(stage.context().jobsLeft()).as("the run goes on").isTrue();
  }

  @Test
  void whatIsThrownInAShutdownIsTheRuns() {
    stage.whileStopping();

    assertThatThrownBy(() -> caught(new IllegalStateException("closed")))
        .hasRootCauseMessage("closed");
    assertThatThrownBy(() -> caught(new InterruptedException()))
        .isInstanceOf(CancellationException.class);
    assertThat(stage.context().jobFailures()).isEmpty();
  }

  @Test
  void lossOfTheClusterIsTheRuns() {
    FatalException lost = new FatalException("Cluster c is STOPPED.");
    stage.context().session().lose(lost);

    assertThatThrownBy(() -> caught(lost)).isSameAs(lost);
    assertThat(stage.context().jobFailures()).isEmpty();
  }

  @Test
  void cancellationIsTheRuns() {
    assertThatThrownBy(() -> caught(new RunCancelledException("by anna")))
        .isInstanceOf(RunCancelledException.class);
    assertThatThrownBy(() -> caught(new CancellationException("shut down")))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void whatMightHavePassedButForTheShutdownIsTheRuns() {
    stage.whileStopping();

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> caught(new RetryableException("S3 is away")));
  }

  @Test
  void lossOfTheRunIsTheRuns() {
    stage.journal.claims().letGo(stage.context().claimedRun());
    RuntimeException lost =
        org.assertj.core.api.Assertions.catchRuntimeException(
            () -> stage.journal.jobs().submitting(stage.context().claimedRun(), "mart", n -> "k"));

    assertThatThrownBy(() -> caught(lost)).isSameAs(lost);
  }

  @Test
  void saysWhatTheRouteForgot() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> new FailJob().process(stage.exchange))
        .withMessageContaining("doCatch");
  }
}
