package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.steps.DecideOutcome.AtShutdown;
import dev.caravan.shared.FatalException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DecideOutcomeTest {
  @RegisterExtension final Stage stage = new Stage();
  private Run run;

  @BeforeEach
  void create() {
    run = stage.claim();
  }

  private void decide(AtShutdown atShutdown) {
    new DecideOutcome(stage.journal, atShutdown).process(stage.exchange);
  }

  private Run inTheJournal() {
    return stage.journal.runs().find(run.id()).orElseThrow();
  }

  private void fails(Throwable failure) {
    stage.context().fail(failure);
  }

  @Test
  void outcomeIsWrittenBeforeTheRunEnds() {
    fails(new FatalException("Job mart failed"));

    decide(AtShutdown.STOP);

    assertThat(inTheJournal().state()).isEqualTo(RunState.RUNNING);
    assertThat(inTheJournal().outcome()).contains(RunState.FAILED);
    assertThat(inTheJournal().failure()).contains("Job mart failed");
    assertThat(stage.context().outcome()).contains(RunState.FAILED);
    assertThat(stage.context().session().isLeftAlone()).isFalse();
  }

  @Test
  void runWithAJobThatHasNotEndedIsNoSuccess() {
    stage.journal.jobs().submitting(run, "mart", attempt -> "key");
    stage.context().finishJobs();

    decide(AtShutdown.STOP);
    new CloseRun(stage.journal).process(stage.exchange);

    assertThat(inTheJournal().state()).isEqualTo(RunState.FAILED);
    assertThat(inTheJournal().failure()).contains("Job mart had not ended when its run did.");
  }

  @Test
  void shutdownStopsTheRunByDefault() {
    stage.whileStopping();
    fails(new CancellationException("shutting down"));

    decide(AtShutdown.STOP);

    assertThat(inTheJournal().outcome()).contains(RunState.INTERRUPTED);
    assertThat(stage.context().session().isLeftAlone()).isFalse();
  }

  @Test
  void shutdownHandsTheRunOverWhereThatIsSet() {
    stage.whileStopping();
    fails(new CancellationException("shutting down"));

    decide(AtShutdown.HAND_OVER);

    assertThat(stage.context().session().isLeftAlone()).isTrue();
    assertThat(inTheJournal().outcome()).isEmpty();
    assertThat(stage.events(run, RunEvent.Kind.RUN_HANDED_OVER)).hasSize(1);
    assertThat(stage.journal.claims().isHeld(run)).as("free for the next process").isFalse();
  }

  @Test
  void runThatHadFailedBeforeTheShutdownIsNotHandedOver() {
    stage.whileStopping();
    fails(new FatalException("Job mart failed"));

    decide(AtShutdown.HAND_OVER);

    assertThat(stage.context().session().isLeftAlone()).isFalse();
    assertThat(inTheJournal().outcome()).contains(RunState.FAILED);
  }

  @Test
  void runWhoseEndHadBegunIsNotHandedOver() {
    stage.journal.runs().decide(run, RunState.INTERRUPTED, Optional.of("shut down before"));
    stage.context().claimed(inTheJournal());
    stage.whileStopping();
    fails(new CancellationException("shutting down"));

    decide(AtShutdown.HAND_OVER);

    assertThat(stage.context().session().isLeftAlone()).isFalse();
  }

  @Test
  void runThatIsAnothersByNowIsLeftAlone() {
    stage.journal.claims().letGo(run);
    fails(new FatalException("Job mart failed"));

    decide(AtShutdown.STOP);

    assertThat(stage.context().session().isLeftAlone()).isTrue();
    assertThat(inTheJournal().outcome()).isEmpty();
  }

  @Test
  void whatIsLeftAloneIsNeitherKilledNorStoppedNorClosed() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.jobs().submitting(run, "mart", attempt -> "key");
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.context().session().markReady(stage.endpoint.uri());
    stage.context().session().leaveAlone();

    new EndJobs(stage.journal, stage.clusters).process(stage.exchange);
    new StopCluster(stage.journal, stage.clusters, stage.clock).process(stage.exchange);
    new CloseRun(stage.journal).process(stage.exchange);

    assertThat(stage.requests()).isEmpty();
    assertThat(stage.clusters.asked).isEmpty();
    assertThat(stage.context().session().clusterStopped()).isTrue();
    assertThat(inTheJournal().state()).isEqualTo(RunState.RUNNING);
  }
}
