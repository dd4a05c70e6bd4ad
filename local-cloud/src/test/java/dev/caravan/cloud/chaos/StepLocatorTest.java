package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.Disturbance.Kind;
import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.JournalFile.Step;
import dev.caravan.cloud.chaos.MessageCounter.Message;
import dev.caravan.cloud.chaos.RunReport.Moment;
import dev.caravan.cloud.chaos.Strike.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepLocatorTest {
  private static final List<Step> STEPS =
      List.of(
          new Step("START_CLUSTER", at(10), Optional.of(at(20))),
          new Step("AWAIT_CLUSTER", at(20), Optional.empty()),
          new Step("SUBMIT_JOB", at(50), Optional.of(at(60))));

  private static Instant at(int second) {
    return Instant.EPOCH.plusSeconds(second);
  }

  private static Moment moment(int second, int processStarted, Place place, Optional<Line> line) {
    return new Moment(
        new Disturbance(
            Kind.KILL_ORCHESTRATOR, new Strike(1, place), Duration.ZERO, FaultyProxy.Fault.DROP),
        at(second),
        line.map(on -> new Message(1, on, "", at(second))),
        at(processStarted),
        "");
  }

  private static String step(int second, int processStarted) {
    return StepLocator.locate(
        STEPS,
        moment(second, processStarted, Place.BEFORE, Optional.of(Line.ORCHESTRATOR_TO_CLOUD)));
  }

  @Test
  void openStepOfTheProcessIsHit() {
    assertThat(step(15, 5)).isEqualTo("START_CLUSTER");
    assertThat(step(30, 5)).isEqualTo("AWAIT_CLUSTER");
    assertThat(step(55, 40)).isEqualTo("SUBMIT_JOB");
  }

  @Test
  void outsideIsBeforeTheFirstStepAndAfterAnEndedOne() {
    assertThat(step(7, 5)).isEqualTo("OUTSIDE");
    assertThat(step(70, 40)).isEqualTo("OUTSIDE");
  }

  @Test
  void stepThatAKilledProcessLeftOpenIsNotTheNextOnes() {
    assertThat(step(45, 40)).isEqualTo("OUTSIDE");
  }

  @Test
  void betweenRunsIsAPlaceOfItsOwnUnlessTheNextRunHasBegun() {
    assertThat(StepLocator.locate(STEPS, moment(70, 40, Place.BETWEEN_RUNS, Optional.empty())))
        .isEqualTo("BETWEEN_RUNS");
    assertThat(StepLocator.locate(STEPS, moment(55, 40, Place.BETWEEN_RUNS, Optional.empty())))
        .isEqualTo("SUBMIT_JOB");
  }

  @Test
  void whatTheJournalIsToldAtTheEndOfAStepIsBetweenSteps() {
    List<Step> ended =
        List.of(
            new Step("START_CLUSTER", at(10), Optional.of(at(20))),
            new Step("AWAIT_CLUSTER", at(30), Optional.of(at(40))));
    Optional<Line> journal = Optional.of(Line.ORCHESTRATOR_TO_JOURNAL);
    assertThat(StepLocator.locate(ended, moment(25, 5, Place.BEFORE, journal)))
        .isEqualTo("BETWEEN_STEPS");
    assertThat(StepLocator.locate(ended, moment(15, 5, Place.BEFORE, journal)))
        .isEqualTo("START_CLUSTER");
    assertThat(StepLocator.locate(ended, moment(7, 5, Place.BEFORE, journal))).isEqualTo("OUTSIDE");
    assertThat(StepLocator.locate(ended, moment(50, 5, Place.BEFORE, journal)))
        .isEqualTo("OUTSIDE");
  }

  @Test
  void endpointThatStopsItsClusterIsNoStepOfTheOrchestrator() {
    assertThat(
            StepLocator.locate(
                STEPS, moment(30, 5, Place.BEFORE, Optional.of(Line.ENDPOINT_TO_CLOUD))))
        .isEqualTo("STOP_BY_LEASE");
  }

  @Test
  void endpointThatWasNotThereToBeKilledIsNoHit() {
    Moment moment = moment(15, 5, Place.BEFORE, Optional.of(Line.ORCHESTRATOR_TO_CLOUD));
    Moment missed =
        new Moment(
            moment.disturbance(),
            moment.at(),
            moment.message(),
            moment.processStarted(),
            "NO_ENDPOINT");
    assertThat(StepLocator.locate(STEPS, missed)).isEqualTo("NO_ENDPOINT");
  }
}
