package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CloseRunTest {
  @RegisterExtension final Stage stage = new Stage();
  private CloseRun closeRun;

  @BeforeEach
  void create() {
    closeRun = new CloseRun(stage.journal);
    stage.claim();
  }

  private Run closed() {
    closeRun.process(stage.exchange);
    return stage.journal.runs().last(stage.pipeline, Stage.DATE).orElseThrow();
  }

  @Test
  void runWhoseJobsAreAllDoneHasSucceeded() {
    stage.context().finishJobs();

    Run run = closed();

    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(run.endedAt()).contains(Stage.START);
    assertThat(run.failure()).isEmpty();
  }

  @Test
  void successIsNeverAssumed() {
    Run run = closed();

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.failure()).contains("The run ended before all of its jobs were done.");
  }

  @Test
  void failureIsRecordedWithItsSentence() {
    stage.context().fail(new FatalException("Job mart failed"));

    Run run = closed();

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.failure()).contains("Job mart failed");
  }

  @Test
  void failureThatALaterTryMadeGoodIsNotTheRuns() {
    stage.context().finishJobs();
    stage.context().fail(new RetryableException("once"));

    assertThat(closed().state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void failureWithoutWordsIsAFailureToo() {
    stage.context().fail(new IllegalStateException());

    assertThat(closed().state()).isEqualTo(RunState.FAILED);
  }

  @Test
  void retryThatAShutdownCutOffIsAnInterruption() {
    stage.whileStopping();
    stage.context().fail(new RetryableException("no answer"));

    assertThat(closed().state()).isEqualTo(RunState.INTERRUPTED);
  }

  @Test
  void shutdownInterruptsTheRunSoThatANewAttemptFollows() {
    stage.whileStopping();
    stage.context().fail(new CancellationException("shutting down"));

    assertThat(closed().state()).isEqualTo(RunState.INTERRUPTED);
    stage.journal.claims().endSession(stage.clusterId);
    assertThat(stage.claim().attempt()).isEqualTo(2);
  }

  @Test
  void runThatHasEndedDoesNotEndOtherwise() {
    stage.context().finishJobs();
    closed();
    stage.context().revokeSuccess(new FatalException("too late"));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::closed)
        .withMessageContaining("is SUCCEEDED and can't become FAILED");
    assertThat(stage.journal.runs().last(stage.pipeline, Stage.DATE).orElseThrow().state())
        .isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void withoutARunNothingIsClosed() {
    closeRun.process(stage.afterRestart());

    assertThat(stage.journal.runs().last(stage.pipeline, Stage.DATE).orElseThrow().state())
        .isEqualTo(RunState.RUNNING);
  }
}
