package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunLostException;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.FatalException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EndSessionTest {
  private static final LocalDate NEXT = Stage.DATE.plusDays(1);

  @RegisterExtension final Stage stage = new Stage();
  private EndSession endSession;
  private Run first;

  /** A session of two dates, the first of which has ended. */
  @BeforeEach
  void create() {
    endSession = new EndSession(stage.journal);
    first =
        ((Claim.Taken)
                stage
                    .journal
                    .claims()
                    .claim(stage.pipeline, List.of(Stage.DATE, NEXT), stage.clusterId, false))
            .run();
    stage.context().claimed(first);
    stage.journal.sessions().open(first, stage.clusterId, true);
    stage.journal.runs().end(first, RunState.SUCCEEDED, Optional.empty());
  }

  private Run unbegun() {
    return stage.journal.runs().last(stage.pipeline, NEXT).orElseThrow();
  }

  @Test
  void freesTheClusterAndInterruptsWhatWasNotBegun() {
    endSession.process(stage.exchange);

    assertThat(unbegun().state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(unbegun().failure())
        .contains("The run was not begun: its session ended before its turn.");
    assertThat(stage.events(unbegun(), RunEvent.Kind.RUN_ENDED)).hasSize(1);
    assertThat(stage.journal.claims().isSessionHeld(stage.clusterId)).isFalse();
    assertThat(stage.journal.claims().claim(stage.pipeline, NEXT, stage.clusterId, false))
        .isInstanceOf(Claim.Taken.class);
  }

  @Test
  void afterTheLossOfTheClusterWhatWasNotBegunHasFailedOfIt() {
    stage.context().session().lose(new FatalException("The cluster is in ERROR."));

    endSession.process(stage.exchange);

    assertThat(unbegun().state()).isEqualTo(RunState.FAILED);
    assertThat(unbegun().failure()).contains("The run was not begun: The cluster is in ERROR.");
  }

  @Test
  void runThatHasEndedAndAStopThatIsOwedStayAsTheyAre() {
    stage.journal.sessions().stopAsked(first);

    endSession.process(stage.exchange);

    assertThat(stage.journal.runs().find(first.id()).orElseThrow().state())
        .isEqualTo(RunState.SUCCEEDED);
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void sessionThatIsLeftToAnotherProcessIsNotEnded() {
    stage.context().session().leaveAlone();

    endSession.process(stage.exchange);

    assertThat(unbegun().state()).isEqualTo(RunState.QUEUED);
    assertThat(stage.journal.claims().isSessionHeld(stage.clusterId)).isTrue();
  }

  @Test
  void exchangeThatClaimedNothingEndsNoSession() {
    stage.exchange.removeProperty(RunContext.PROPERTY);

    endSession.process(stage.exchange);

    assertThat(unbegun().state()).isEqualTo(RunState.QUEUED);
    assertThat(stage.journal.claims().isSessionHeld(stage.clusterId)).isTrue();
  }

  @Test
  void sessionThatAnotherHasTakenOverIsNotEnded() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:stage");
        PreparedStatement takeOver =
            connection.prepareStatement("update claim set owner = 'another' where resource = ?")) {
      takeOver.setString(1, "cluster " + stage.clusterId);
      assertThat(takeOver.executeUpdate()).isEqualTo(1);
    }

    assertThatExceptionOfType(RunLostException.class)
        .isThrownBy(() -> endSession.process(stage.exchange));

    assertThat(unbegun().state()).isEqualTo(RunState.QUEUED);
  }
}
