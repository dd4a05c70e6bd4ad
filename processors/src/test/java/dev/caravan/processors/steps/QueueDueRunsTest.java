package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.pipelines.DateRule;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class QueueDueRunsTest {
  @RegisterExtension final Stage stage = new Stage();
  private final List<QueueDueRuns.Scheduled> pipelines = new ArrayList<>();
  private QueueDueRuns step;

  @BeforeEach
  void create() {
    step = new QueueDueRuns(stage.journal, () -> pipelines);
  }

  private static PipelineSchedule at(String cron) {
    return new PipelineSchedule(
        Optional.of(cron),
        Optional.empty(),
        ZoneOffset.UTC,
        DateRule.YESTERDAY,
        CatchUp.ALL,
        Duration.ofDays(7),
        Overlap.QUEUE,
        Optional.empty(),
        Optional.empty());
  }

  private void add(String pipeline, PipelineSchedule schedule) {
    pipelines.add(new QueueDueRuns.Scheduled(pipeline, stage.clusterId, schedule));
  }

  private void tick() {
    step.process(stage.exchange);
  }

  @Test
  void eachPipelineIsPlannedByItsOwnTimetableHoweverLateTheTickIs() {
    add(stage.pipeline + "-a", at("30 3 * * *"));
    add(stage.pipeline + "-b", at("0 4 * * *"));
    tick();
    stage.clock.pass(Duration.ofHours(49));
    tick();
    tick();

    for (String pipeline : List.of(stage.pipeline + "-a", stage.pipeline + "-b")) {
      assertThat(stage.journal.runs().latest(pipeline, 10))
          .extracting(Run::logicalDate)
          .containsExactlyInAnyOrder(Stage.DATE, Stage.DATE.plusDays(1), Stage.DATE.plusDays(2));
    }
    assertThat(stage.journal.queue().next(stage.clusterId).orElseThrow().pipeline())
        .as("by due time")
        .isEqualTo(stage.pipeline + "-a");
  }

  @Test
  void pipelineThatIsAddedLaterBeginsWithItsNextSlot() {
    tick();
    stage.clock.pass(Duration.ofHours(49));
    add(stage.pipeline, at("30 3 * * *"));
    tick();
    assertThat(stage.journal.runs().latest(stage.pipeline, 10)).isEmpty();

    stage.clock.pass(Duration.ofHours(24));
    tick();
    assertThat(stage.journal.runs().latest(stage.pipeline, 10))
        .extracting(Run::state)
        .containsExactly(RunState.QUEUED);
  }

  @Test
  void scheduleThatIsEditedIsPlannedByItsNewTimetable() {
    add(stage.pipeline, at("30 3 * * *"));
    tick();
    stage.clock.pass(Duration.ofHours(24));
    tick();
    pipelines.clear();
    add(stage.pipeline, at("30 5 * * *"));
    stage.clock.pass(Duration.ofHours(24));
    tick();

    assertThat(stage.journal.runs().latest(stage.pipeline, 10))
        .extracting(run -> run.dueAt().orElseThrow())
        .containsExactlyInAnyOrder(
            Instant.parse("2026-11-22T03:30:00Z"), Instant.parse("2026-11-23T05:30:00Z"));
  }

  @Test
  void pipelineThatCannotBePlannedKeepsNoOtherFromIt() {
    add(stage.pipeline + "-a", at("30 3 * * *"));
    add(stage.pipeline + "-b", at("30 3 * * *"));
    tick();
    stage.clock.pass(Duration.ofHours(1));
    // A cluster's id that is too long for its column.
    pipelines.set(
        0,
        new QueueDueRuns.Scheduled(
            stage.pipeline + "-a", "c".repeat(200), pipelines.get(0).schedule()));

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(this::tick)
        .withMessageContaining("QueueDueRuns");

    assertThat(stage.journal.runs().latest(stage.pipeline + "-a", 10)).isEmpty();
    assertThat(stage.journal.runs().latest(stage.pipeline + "-b", 10)).hasSize(1);
  }

  @Test
  void datesThatAreLeftOutAreTold() {
    add(stage.pipeline, at("30 3 * * *"));
    tick();
    stage.clock.pass(Duration.ofDays(1_010));
    tick();

    assertThat(stage.journal.events().ofNoRun(10))
        .filteredOn(event -> event.kind() == RunEvent.Kind.DATES_LEFT_OUT)
        .extracting(RunEvent::subject)
        .containsExactly(stage.pipeline);
  }
}
