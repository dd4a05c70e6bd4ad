package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.steps.DecideOutcome.AtShutdown;
import dev.caravan.shared.FatalException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NextRunTest {
  private static final LocalDate NEXT = Stage.DATE.plusDays(1);

  @RegisterExtension final Stage stage = new Stage();

  private void next(AtShutdown atShutdown) {
    new NextRun(stage.journal, atShutdown).process(stage.exchange);
  }

  private void request(LocalDate... dates) {
    stage.context().session().request(stage.pipeline, List.of(dates), false);
  }

  @Test
  void takesTheDatesOneAfterTheOther() {
    request(Stage.DATE, NEXT);

    next(AtShutdown.STOP);
    assertThat(stage.context().requestedDate()).contains(Stage.DATE);
    assertThat(stage.context().session().runsLeft()).isTrue();
    next(AtShutdown.STOP);

    assertThat(stage.context().requestedDate()).contains(NEXT);
    assertThat(stage.context().session().runsLeft()).isFalse();
  }

  @Test
  void nothingOfTheRunBeforeIsKeptButItsSession() {
    SessionContext session = stage.context().session();
    Run before = stage.claimAndName("mart");
    stage.context().fail(new FatalException("Job mart failed"));
    request(NEXT);

    next(AtShutdown.STOP);

    RunContext context = stage.context();
    assertThat(context.findRun()).isEmpty();
    assertThat(context.failure()).isEmpty();
    assertThat(context.job()).isEmpty();
    assertThat(context.claimPending()).isTrue();
    assertThat(context.session()).isSameAs(session);
    assertThat(session.latestRun()).contains(before);
    assertThat(session.clusterReady()).as("the next run looks at the cluster anew").isFalse();
  }

  @Test
  void withoutADateItSaysWhatTheRouteForgot() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> next(AtShutdown.STOP))
        .withMessageContaining("chooseDate");
  }

  @Test
  void shutdownBeginsNoRunAndLeavesTheSessionToItsEnd() {
    Run before = stage.claim();
    request(NEXT);
    stage.whileStopping();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> next(AtShutdown.STOP));

    assertThat(stage.context().session().datesLeft()).containsExactly(NEXT);
    assertThat(stage.context().session().isLeftAlone()).isFalse();
    assertThat(stage.context().findRun()).contains(before);
    assertThat(stage.journal.claims().isSessionHeld(stage.clusterId)).isTrue();
  }

  @Test
  void shutdownThatHandsOverFreesTheSessionForTheNextProcess() {
    Run before = stage.claim();
    stage.journal.runs().end(before, RunState.SUCCEEDED, Optional.empty());
    request(NEXT);
    stage.whileStopping();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> next(AtShutdown.HAND_OVER));

    assertThat(stage.context().session().isLeftAlone()).isTrue();
    assertThat(stage.context().session().runsLeft()).isFalse();
    assertThat(stage.journal.claims().claim(stage.pipeline, NEXT, stage.clusterId, false))
        .isInstanceOf(Claim.Taken.class);
  }

  @Test
  void shutdownBeforeTheFirstClaimHasNothingToHandOver() {
    request(NEXT);
    stage.whileStopping();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> next(AtShutdown.HAND_OVER));

    assertThat(stage.context().session().isLeftAlone()).isFalse();
  }
}
