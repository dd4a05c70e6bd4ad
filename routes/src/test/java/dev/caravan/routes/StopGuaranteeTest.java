package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.steps.RunContext;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.test.main.junit5.AdviceRouteMapping;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is thrown, and wherever, the stop is called exactly once. */
@CamelMainTest(
    properties = {
      "camel.main.routesIncludePattern=classpath:camel/*.camel.yaml",
      "camel.main.basePackageScanEnabled=false",
      "caravan.reconcile.uri=timer:never-either?delay=-1&repeatCount=1",
      "caravan.ping.uri=timer:never-at-all?delay=-1&repeatCount=1"
    },
    advices = @AdviceRouteMapping(route = "verify-output", advice = NotingSteps.NoS3.class),
    shutdownTimeout = 5)
class StopGuaranteeTest extends NotingSteps {
  @Test
  void afterASuccessTheStopIsTheLastThing() {
    run();
    assertThat(done)
        .containsExactly(
            "claimRun",
            "startCluster",
            "awaitCluster",
            "pause",
            "nextJob",
            "pause",
            "renewLease",
            "submitJob",
            "nextJob",
            "pause",
            "renewLease",
            "awaitJob",
            "nextJob",
            "pause",
            "renewLease",
            "expectOutput",
            "verifyOutput",
            "nextJob",
            "pause",
            "renewLease",
            "submitJob",
            "nextJob",
            "pause",
            "renewLease",
            "awaitJob",
            "nextJob",
            "pause",
            "renewLease",
            "expectOutput",
            "verifyOutput",
            "nextJob",
            "decideOutcome",
            "endJobs",
            "closeRun",
            "lookForDueRun",
            "stopCluster",
            "pause",
            "endSession");
  }

  static Stream<Arguments> everyStepAndThrowable() {
    List<String> steps =
        List.of(
            "claimRun",
            "startCluster",
            "awaitCluster",
            "nextJob",
            "submitJob",
            "renewLease",
            "awaitJob",
            "expectOutput",
            "verifyOutput",
            "lookForDueRun",
            "pause");
    List<Supplier<Throwable>> throwables =
        List.of(
            () -> new IllegalStateException("broken"),
            () -> new dev.caravan.shared.FatalException("fatal"),
            () -> new java.io.IOException("checked"),
            () -> new InterruptedException("interrupted"),
            () -> new java.util.concurrent.CancellationException("cancelled"),
            () -> new OutOfMemoryError("test"),
            () -> new StackOverflowError("test"),
            () -> new AssertionError("test"),
            () -> new NoClassDefFoundError("test"));
    return steps.stream()
        .flatMap(step -> throwables.stream().map(throwable -> Arguments.of(step, throwable)));
  }

  @ParameterizedTest
  @MethodSource("everyStepAndThrowable")
  void whateverIsThrownTheClusterIsStoppedOnceAndNoJobBeginsAfterwards(
      String step, Supplier<Throwable> throwable) {
    failures.put(step, throwable);
    run();
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(1);
    assertThat(done).filteredOn("closeRun"::equals).hasSize(1);
    assertThat(done.subList(done.indexOf("endJobs"), done.size()))
        .doesNotContain("startCluster", "submitJob");
    assertThat(pipeline.getCamelContext().getInflightRepository().size()).isZero();
  }

  @Test
  void aRunThatFailsDoesNotEndItsSession() {
    java.util.concurrent.atomic.AtomicInteger submissions =
        new java.util.concurrent.atomic.AtomicInteger();
    failures.put(
        "submitJob",
        () ->
            submissions.incrementAndGet() == 2
                ? new dev.caravan.shared.FatalException("the second run's")
                : null);
    definition = pipelineOf("job1");
    pipeline.send(
        exchange -> {
          RunContext.of(exchange)
              .session()
              .request(
                  RUN.pipeline(),
                  List.of(
                      RUN.logicalDate(),
                      RUN.logicalDate().plusDays(1),
                      RUN.logicalDate().plusDays(2)),
                  false);
        });
    assertThat(done).filteredOn("claimRun"::equals).hasSize(3);
    assertThat(done).filteredOn("closeRun"::equals).hasSize(3);
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(1);
    assertThat(done).endsWith("stopCluster", "pause", "endSession");
  }

  @Test
  void aRetryableFailureIsTriedAgainABoundedNumberOfTimes() {
    definition = pipelineOf("job1");
    failures.put("submitJob", () -> new dev.caravan.shared.RetryableException("not now"));
    run();
    assertThat(done).filteredOn("submitJob"::equals).hasSize(6);
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(1);
  }

  @Test
  void aJobWhoseWaitFailedForAMomentIsAwaitedAgainNotPassedOver() {
    java.util.Iterator<Supplier<Throwable>> thrown =
        List.<Supplier<Throwable>>of(
                () -> new dev.caravan.shared.RetryableException("not now"), () -> null)
            .iterator();
    failures.put(
        "awaitJob",
        () -> {
          Throwable failure = thrown.next().get();
          if (failure == null) {
            failures.remove("awaitJob");
          }
          return failure;
        });
    run();
    assertThat(done).filteredOn("awaitJob"::equals).hasSize(3);
    assertThat(done).filteredOn("verifyOutput"::equals).hasSize(2);
  }

  @Test
  void aFailureAfterARetryableOneIsNotTriedAgain() {
    java.util.Iterator<Supplier<Throwable>> thrown =
        List.<Supplier<Throwable>>of(
                () -> new dev.caravan.shared.RetryableException("not now"),
                () -> new dev.caravan.shared.FatalException("never"))
            .iterator();
    definition = pipelineOf("job1");
    failures.put("submitJob", () -> thrown.next().get());
    run();
    assertThat(done).filteredOn("submitJob"::equals).hasSize(2);
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(1);
  }

  @Test
  void aJobThatFailsLetsTheOtherRunAndTheRunFails() {
    failures.put(
        "submitJob",
        () ->
            java.util.Collections.frequency(done, "submitJob") == 1
                ? new dev.caravan.shared.FatalException("the first job's")
                : null);
    run();
    assertThat(done)
        .containsSubsequence(
            "submitJob", "failJob", "nextJob", "submitJob", "awaitJob", "verifyOutput")
        .containsSubsequence("verifyOutput", "decideOutcome", "stopCluster");
  }

  @Test
  void aStopThatKeepsFailingEndsInAnAlarmAndTheRunIsClosed() {
    failures.put("stopCluster", () -> new dev.caravan.shared.FatalException("refused"));
    run();
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(4);
    assertThat(done.subList(done.size() - 2, done.size()))
        .containsExactly("raiseAlarm", "endSession");
    assertThat(done).filteredOn("closeRun"::equals).hasSize(1);
  }

  @Test
  void jobsThatCannotBeEndedDoNotKeepTheClusterRunning() {
    failures.put("endJobs", () -> new OutOfMemoryError("test"));
    run();
    assertThat(done)
        .containsSubsequence("endJobs", "closeRun", "stopCluster", "endSession")
        .doesNotContain("raiseAlarm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"decideOutcome", "closeRun"})
  void aRunThatCannotBeClosedDoesNotKeepTheClusterRunning(String step) {
    failures.put(step, () -> new dev.caravan.shared.RetryableException("the journal is away"));
    run();
    assertThat(done).filteredOn(step::equals).hasSize(4);
    assertThat(done).filteredOn("claimRun"::equals).hasSize(1);
    assertThat(done).filteredOn("stopCluster"::equals).hasSize(1);
    assertThat(done).endsWith("endSession");
  }

  @Test
  void aDateThatAnotherRunHoldsIsClaimedAgainAfterAPause() {
    waits.set(2);
    run();
    assertThat(done.subList(0, 8))
        .containsExactly(
            "claimRun",
            "pause",
            "renewLease",
            "claimRun",
            "pause",
            "renewLease",
            "claimRun",
            "startCluster");
  }

  @Test
  void aDateThatIsNotClaimedStartsNothing() {
    claims = false;
    run();
    assertThat(done).doesNotContain("startCluster", "submitJob");
  }
}
