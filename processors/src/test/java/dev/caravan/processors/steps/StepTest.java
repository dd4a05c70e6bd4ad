package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** What no verb lets out, and when none begins: both would keep the cluster from being stopped. */
class StepTest {
  @RegisterExtension final Stage stage = new Stage();

  /** A step that does as a test says. */
  private static final class Scripted extends Step {
    private interface Work {
      void run() throws Exception;
    }

    private final Work work;
    private final boolean barred;

    Scripted(boolean barred, Work work) {
      this.barred = barred;
      this.work = work;
    }

    @Override
    protected void perform(Exchange exchange) throws Exception {
      work.run();
    }

    @Override
    protected boolean isBarredByShutdown() {
      return barred;
    }
  }

  private static Step throwing(Throwable failure) {
    return new Scripted(
        true,
        () -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (Exception) failure;
        });
  }

  static List<Throwable> whatNobodyExpects() {
    return List.of(
        new StackOverflowError("deep"),
        new NoClassDefFoundError("dev/example/Gone"),
        new OutOfMemoryError("heap"),
        new AssertionError("wrong"),
        new IOException("disk full"),
        new IllegalStateException("odd"));
  }

  @ParameterizedTest
  @MethodSource("whatNobodyExpects")
  void whateverIsUnknownIsFatalAndNeverAnError(Throwable failure) {
    assertThatThrownBy(() -> throwing(failure).process(stage.exchange))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("Scripted failed unexpectedly")
        .hasMessageContaining(failure.getMessage())
        .hasCause(failure);
  }

  static List<RuntimeException> whatStepsMaySay() {
    return List.of(
        new RetryableException("busy"),
        new FatalException("broken"),
        new CancellationException("shutting down"));
  }

  @ParameterizedTest
  @MethodSource("whatStepsMaySay")
  void knownFailuresPassUnchanged(RuntimeException failure) {
    assertThatThrownBy(() -> throwing(failure).process(stage.exchange)).isSameAs(failure);
  }

  @Test
  void interruptionBecomesCancellationAndDoesNotCutOffTheStopThatFollows() {
    Step waiting = new Scripted(true, () -> Thread.sleep(60_000));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> waiting.process(stage.exchange))
        .isInstanceOf(CancellationException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).as("flag left for the next step").isFalse();
  }

  @Test
  void nothingIsBegunDuringAShutdown() {
    List<String> done = new ArrayList<>();

    assertThatThrownBy(
            () -> new Scripted(true, () -> done.add("work")).process(stage.whileStopping()))
        .isInstanceOf(CancellationException.class)
        .hasMessage("Caravan was shut down before the run came to its end.");
    assertThat(done).isEmpty();
  }

  @Test
  void whatCleansUpIsDoneDuringAShutdown() {
    List<String> done = new ArrayList<>();

    new Scripted(false, () -> done.add("work")).process(stage.whileStopping());

    assertThat(done).containsExactly("work");
  }

  @Test
  void onlyTheVerbsThatCleanUpBeginDuringAShutdown() {
    ConfiguredClusters clusters = stage.clusters(ClusterConfig.StopPolicy.OURS);
    List<Step> barred =
        List.of(
            new ClaimRun(
                stage.journal,
                name -> stage.pipelineOf(),
                clusters,
                java.time.Duration.ofHours(1),
                stage.clock),
            new ChooseDate(stage.clock, name -> stage.pipelineOf()),
            new StartCluster(stage.journal, stage.clusters),
            new AwaitCluster(stage.journal, stage.clusters, stage.clock),
            new NextJob(stage.journal, stage.clock),
            new SubmitJob(stage.journal, stage.clock),
            new AwaitJob(stage.journal, stage.clusters, stage.clock),
            new ExpectOutput(),
            new RenewLease(stage.journal, java.time.Duration.ofMinutes(5), stage.clock),
            new TakeUpOpenRuns(stage.journal, List::of, clusters),
            new StopForgottenClusters(
                stage.journal, stage.clusters, clusters, List::of, stage.clock));
    List<Step> cleaning =
        List.of(
            new DecideOutcome(stage.journal, DecideOutcome.AtShutdown.STOP),
            new FailJob(),
            new EndJobs(stage.journal, stage.clusters),
            new StopCluster(stage.journal, stage.clusters, stage.clock),
            new CloseRun(stage.journal),
            new RaiseAlarm(stage.journal),
            new Pause());

    assertThat(barred).allMatch(Step::isBarredByShutdown);
    assertThat(cleaning).noneMatch(Step::isBarredByShutdown);
  }

  @Test
  void logLinesCarryRunJobAndTraceWhileItWorksAndNeverAfterwards() {
    String run = stage.claimAndName("mart").id();
    RunContext.of(stage.exchange).session().nameTrace(Optional.of("0af7"));
    List<String> seen = new ArrayList<>();

    new Scripted(
            true, () -> seen.addAll(List.of(MDC.get("run"), MDC.get("job"), MDC.get("trace_id"))))
        .process(stage.exchange);
    assertThatThrownBy(() -> throwing(new RetryableException("busy")).process(stage.exchange));

    assertThat(seen).containsExactly(run, "mart", "0af7");
    assertThat(MDC.get("trace_id")).isNull();
    assertThat(MDC.get("run")).isNull();
    assertThat(MDC.get("job")).isNull();
  }
}
