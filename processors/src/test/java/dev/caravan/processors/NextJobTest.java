package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NextJobTest {
  @RegisterExtension final Stage stage = new Stage();

  private List<String> jobsOf(JobConfig... jobs) {
    NextJob nextJob = new NextJob(new JobConfigs(List.of(jobs)));
    List<String> named = new ArrayList<>();
    for (int calls = 0; calls < 10; calls++) {
      nextJob.process(stage.exchange);
      if (stage.exchange.getProperty(Scope.JOBS_DONE, false, Boolean.class)) {
        return named;
      }
      named.add(Scope.job(stage.exchange));
    }
    throw new AssertionError("It never came to an end: " + named);
  }

  @Test
  void namesEachJobOnceInTheOrderOfTheSettings() {
    assertThat(jobsOf(Stage.job("b"), Stage.job("a"), Stage.job("c")))
        .containsExactly("b", "a", "c");
    assertThat(stage.exchange.getProperty(Scope.JOB)).isNull();
  }

  @Test
  void pipelineWithoutJobsIsDone() {
    assertThat(jobsOf()).isEmpty();
  }

  @Test
  void isNotDoneWhileAJobIsLeft() {
    new NextJob(new JobConfigs(List.of(Stage.job("only")))).process(stage.exchange);

    assertThat(stage.exchange.getProperty(Scope.JOBS_DONE)).isNull();
  }
}
