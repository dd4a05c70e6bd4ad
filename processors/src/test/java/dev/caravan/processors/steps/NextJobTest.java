package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.pipelines.PipelineJob;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NextJobTest {
  @RegisterExtension final Stage stage = new Stage();

  private List<String> jobsOf(PipelineJob... jobs) {
    stage.define(jobs);
    NextJob nextJob = new NextJob();
    List<String> named = new ArrayList<>();
    for (int calls = 0; calls < 10; calls++) {
      nextJob.process(stage.exchange);
      if (stage.context().isAllJobsDone()) {
        return named;
      }
      named.add(stage.context().jobAtHand());
    }
    throw new AssertionError("It never came to an end: " + named);
  }

  @Test
  void namesEachJobOnceInTheOrderOfThePipeline() {
    assertThat(jobsOf(Stage.job("b"), Stage.job("a"), Stage.job("c")))
        .containsExactly("b", "a", "c");
    assertThat(stage.context().job()).isEmpty();
  }

  @Test
  void pipelineWithoutJobsIsDone() {
    assertThat(jobsOf()).isEmpty();
  }

  @Test
  void isNotDoneWhileAJobIsLeft() {
    stage.define(Stage.job("only"));
    new NextJob().process(stage.exchange);

    assertThat(stage.context().isAllJobsDone()).isFalse();
  }
}
