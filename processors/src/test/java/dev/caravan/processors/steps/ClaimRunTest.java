package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimRunTest {
  @RegisterExtension final Stage stage = new Stage();
  private ClaimRun claimRun;

  @BeforeEach
  void create() {
    claimRun =
        new ClaimRun(
            stage.journal,
            name -> {
              assertThat(name).isEqualTo(stage.pipeline);
              return stage.pipelineOf(Stage.job("mart"));
            },
            stage.clusters(StopPolicy.OURS),
            Duration.ofHours(6),
            stage.clock);
    stage.context().session().request(stage.pipeline, List.of(), false);
    stage.context().request(Stage.DATE);
  }

  @Test
  void claimsTheDate() {
    claimRun.process(stage.exchange);

    Run run = stage.context().claimedRun();
    assertThat(run.pipeline()).isEqualTo(stage.pipeline);
    assertThat(run.logicalDate()).isEqualTo(Stage.DATE);
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.state()).isEqualTo(RunState.RUNNING);
    assertThat(stage.context().definition().jobNames()).containsExactly("mart");
  }

  private Pipeline edited(String job) {
    String text = "cluster: main\njobs: { %s: { file: /jobs/%s.py } }".formatted(job, job);
    return PipelineParser.ofSnapshots().parse(stage.pipeline, "edited.yaml", text);
  }

  private void claim(Function<String, Pipeline> pipelines) {
    stage.context().session().request(stage.pipeline, List.of(), false);
    stage.context().request(Stage.DATE);
    new ClaimRun(
            stage.journal,
            pipelines,
            stage.clusters(StopPolicy.OURS),
            Duration.ofHours(6),
            stage.clock)
        .process(stage.exchange);
  }

  @Test
  void runThatIsContinuedKeepsTheDefinitionThatItBeganWith() {
    claim(name -> edited("before"));
    assertThat(stage.journal.definitions().of(stage.context().claimedRun()))
        .contains(edited("before").text());

    stage.afterRestart();
    claim(name -> edited("after"));
    assertThat(stage.context().definition()).isEqualTo(edited("before"));

    stage.afterRestart();
    claim(
        name -> {
          throw new FatalException("The pipeline's file is gone.");
        });
    assertThat(stage.context().definition()).isEqualTo(edited("before"));
    assertThat(stage.context().claimedRun().attempt()).isEqualTo(1);
  }

  @Test
  void nextAttemptAtTheDateHasTheDefinitionOfNow() {
    claim(name -> edited("before"));
    Run first = stage.context().claimedRun();
    TestRuns.end(stage.journal, first, RunState.FAILED, Optional.of("x"));

    stage.exchange = new DefaultExchange(stage.camel);
    claim(name -> edited("after"));

    assertThat(stage.context().claimedRun().attempt()).isEqualTo(2);
    assertThat(stage.context().definition()).isEqualTo(edited("after"));
  }

  @Test
  void sessionThatIsAboutNoClusterGetsThatOfItsPipeline() {
    stage.exchange = new DefaultExchange(stage.camel);
    RunContext context = RunContext.of(stage.exchange);
    context.request(Stage.DATE);
    context.session().request(stage.pipeline, List.of(), false);

    claimRun.process(stage.exchange);

    assertThat(context.session().cluster().id()).isEqualTo(stage.clusterId);
    assertThat(context.claimedRun().clusterId()).contains(stage.clusterId);
  }

  @Test
  void dateThatSucceededIsNotRunAgain() {
    succeed();

    claimRun.process(stage.exchange);

    assertThat(stage.context().findRun()).isEmpty();
  }

  @Test
  void dateThatSucceededIsRunAgainWhenAskedFor() {
    succeed();
    stage.context().session().request(stage.pipeline, List.of(), true);

    claimRun.process(stage.exchange);

    assertThat(stage.context().claimedRun().attempt()).isEqualTo(2);
  }

  /** Another process has the date at the first look, and has ended it so at the second. */
  private void lookTwiceWhileAnotherEndsIt(RunState state) {
    Run run = TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE, stage.clusterId, false);
    claimRun.process(stage.exchange);
    assertThat(stage.context().findRun()).isEmpty();
    TestRuns.end(stage.journal, run, state, Optional.of("x"));

    claimRun.process(stage.exchange);
  }

  @Test
  void dateThatAnotherRanMeanwhileIsNotRunAgainThoughItFailed() {
    lookTwiceWhileAnotherEndsIt(RunState.FAILED);

    assertThat(stage.context().findRun()).isEmpty();
  }

  @Test
  void dateThatAnotherWasInterruptedAtIsRun() {
    lookTwiceWhileAnotherEndsIt(RunState.INTERRUPTED);

    assertThat(stage.context().claimedRun().attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT7H", "PT-7H"})
  void noStepOfTheDateEndsTheWaitForAClaimOrLengthensIt(Duration step) {
    TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE, stage.clusterId, false);
    claimRun.process(stage.exchange);
    stage.clock.step(step);
    claimRun.process(stage.exchange);
    assertThat(stage.context().claimPending()).isTrue();
    stage.clock.pass(Duration.ofHours(6).plusSeconds(1));

    claimRun.process(stage.exchange);
    assertThat(stage.context().findRun()).as("the claim has lapsed").isPresent();
  }

  private void succeed() {
    Run run = TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE, stage.clusterId, false);
    TestRuns.end(stage.journal, run, RunState.SUCCEEDED, Optional.empty());
  }

  @Test
  void saysWhatTheRouteForgot() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> claimRun.process(stage.afterRestart()))
        .withMessageContaining("chooseDate");
  }
}
