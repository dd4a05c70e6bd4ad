package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.notifications.NotificationClient;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.processors.steps.FailJob;
import dev.caravan.processors.steps.NextJob;
import dev.caravan.processors.steps.NextRun;
import dev.caravan.processors.steps.RunContext;
import dev.caravan.processors.steps.Step;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.BindToRegistry;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Produce;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.test.main.junit5.AdviceRouteMapping;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped routes with every verb replaced by one that only notes its name: whatever is thrown,
 * and wherever, the stop is called exactly once.
 */
@CamelMainTest(
    properties = {
      "camel.main.routesIncludePattern=classpath:camel/*.camel.yaml",
      "camel.main.basePackageScanEnabled=false",
      "caravan.reconcile.uri=timer:never-either?delay=-1&repeatCount=1",
      "caravan.ping.uri=timer:never-at-all?delay=-1&repeatCount=1"
    },
    advices = @AdviceRouteMapping(route = "verify-output", advice = StopGuaranteeTest.NoS3.class),
    shutdownTimeout = 5)
class StopGuaranteeTest {
  /** The consumer of the output, away: there is no S3 here. */
  public static final class NoS3 extends AdviceWithRouteBuilder {
    @Override
    public void configure() throws Exception {
      weaveById("await-output").replace().to("mock:await-output");
    }
  }

  /** It has none of the runs: the steps that would write are replaced. */
  private static final Journal JOURNAL =
      Journal.open(JournalConfig.of("jdbc:h2:mem:stop-guarantee"), Clock.systemUTC());

  private boolean claims = true;
  private final AtomicInteger waits = new AtomicInteger();
  private dev.caravan.processors.pipelines.Pipeline definition;

  @Produce("direct:session")
  ProducerTemplate pipeline;

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Map<String, Supplier<Throwable>> failures = new ConcurrentHashMap<>();

  /**
   * Notes its name, then does what a verb does to the exchange, or throws what the test asks for.
   */
  private final class NotingStep extends Step {
    private final String name;
    private final java.util.function.Consumer<Exchange> effect;

    NotingStep(String name, java.util.function.Consumer<Exchange> effect) {
      this.name = name;
      this.effect = effect;
    }

    @Override
    protected void perform(Exchange exchange) throws Exception {
      done.add(name);
      Supplier<Throwable> failure = failures.get(name);
      Throwable thrown = failure == null ? null : failure.get();
      if (thrown != null) {
        throwUnchecked(thrown);
      }
      effect.accept(exchange);
    }

    @Override
    protected boolean isBarredByShutdown() {
      return false;
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwUnchecked(Throwable e) throws T {
    throw (T) e;
  }

  private Step noting(String name) {
    return noting(name, exchange -> {});
  }

  private Step noting(String name, java.util.function.Consumer<Exchange> effect) {
    return new NotingStep(name, effect);
  }

  @BindToRegistry("takeUpEdits")
  Step takeUpEdits = noting("takeUpEdits");

  @BindToRegistry("checkBudgets")
  Step checkBudgets = noting("checkBudgets");

  @BindToRegistry("watchUnusedClusters")
  Step watchUnusedClusters = noting("watchUnusedClusters");

  @BindToRegistry("queueDueRuns")
  Step queueDueRuns = noting("queueDueRuns");

  @BindToRegistry("lookForDueRun")
  Step lookForDueRun = noting("lookForDueRun");

  @BindToRegistry("chooseDate")
  Step chooseDate = noting("chooseDate");

  @BindToRegistry("claimRun")
  Step claimRun =
      noting(
          "claimRun",
          exchange -> {
            if (waits.getAndDecrement() > 0) {
              RunContext.of(exchange).awaitClaim("another run");
            } else if (claims) {
              RunContext.of(exchange).define(definition);
              RunContext.of(exchange).claimed(RUN);
            } else {
              RunContext.of(exchange).claimedNothing();
            }
          });

  @BindToRegistry("startCluster")
  Step startCluster = noting("startCluster");

  @BindToRegistry("awaitCluster")
  Step awaitCluster =
      noting(
          "awaitCluster",
          exchange -> RunContext.of(exchange).session().markReady(URI.create("http://master")));

  @BindToRegistry("nextRun")
  Step nextRun = new NextRun(JOURNAL, DecideOutcome.AtShutdown.STOP);

  @BindToRegistry("nextJob")
  Step nextJob =
      noting(
          "nextJob",
          new NextJob(JOURNAL, dev.caravan.shared.ElapsedClock.of(Clock.systemUTC()))::process);

  @BindToRegistry("submitJob")
  Step submitJob = noting("submitJob", exchange -> RunContext.of(exchange).jobSubmitted(1));

  @BindToRegistry("failJob")
  Step failJob = noting("failJob", new FailJob()::process);

  @BindToRegistry("renewLease")
  Step renewLease = noting("renewLease");

  @BindToRegistry("awaitJob")
  Step awaitJob = noting("awaitJob", exchange -> RunContext.of(exchange).jobSucceeded(1));

  @BindToRegistry("expectOutput")
  Step expectOutput =
      noting(
          "expectOutput",
          exchange ->
              RunContext.of(exchange).expectOutput(Optional.of(new S3Location("lake", "mart/"))));

  @BindToRegistry("verifyOutput")
  Step verifyOutput = noting("verifyOutput", exchange -> RunContext.of(exchange).jobVerified(1));

  @BindToRegistry("decideOutcome")
  Step decideOutcome = noting("decideOutcome");

  @BindToRegistry("takeUpOpenRuns")
  Step takeUpOpenRuns = noting("takeUpOpenRuns");

  @BindToRegistry("stopForgottenClusters")
  Step stopForgottenClusters = noting("stopForgottenClusters");

  @BindToRegistry("endJobs")
  Step endJobs = noting("endJobs");

  @BindToRegistry("stopCluster")
  Step stopCluster =
      noting("stopCluster", exchange -> RunContext.of(exchange).session().markStopped());

  @BindToRegistry("raiseAlarm")
  Step raiseAlarm = noting("raiseAlarm");

  @BindToRegistry("closeRun")
  Step closeRun = noting("closeRun");

  @BindToRegistry("endSession")
  Step endSession = noting("endSession");

  @BindToRegistry("pause")
  Step pause = noting("pause");

  @BindToRegistry("takeNotification")
  Step takeNotification = noting("takeNotification");

  @BindToRegistry("settleNotification")
  Step settleNotification = noting("settleNotification");

  @BindToRegistry("pingMonitor")
  Step pingMonitor = noting("pingMonitor");

  @BindToRegistry("notify")
  Component messages = NotificationClient.create();

  @BindToRegistry("keepOriginal")
  AggregationStrategy keepOriginal = (original, polled) -> original;

  private static final dev.caravan.processors.journal.Run RUN =
      new dev.caravan.processors.journal.Run(
          "p/2026-01-02/1",
          "p",
          java.time.LocalDate.of(2026, 1, 2),
          1,
          java.util.Optional.of("c"),
          false,
          dev.caravan.processors.journal.RunState.RUNNING,
          java.util.Optional.empty(),
          java.time.Instant.EPOCH,
          java.util.Optional.empty(),
          java.util.Optional.empty(),
          java.util.Optional.empty(),
          java.util.Optional.empty(),
          java.util.Optional.empty(),
          java.util.Optional.empty(),
          java.util.Optional.empty());

  @BeforeEach
  void forget() {
    done.clear();
    failures.clear();
    claims = true;
    definition = pipelineOf("job1", "job2");
    waits.set(0);
  }

  private static dev.caravan.processors.pipelines.Pipeline pipelineOf(String... jobs) {
    String text =
        "cluster: main\ndefaults: { file: /a.jar, class: a.Main }\njobs:\n"
            + java.util.Arrays.stream(jobs)
                .map(job -> "  " + job + ": {}\n")
                .collect(java.util.stream.Collectors.joining());
    return dev.caravan.processors.pipelines.PipelineParser.ofSnapshots().parse("p", "p.yaml", text);
  }

  private void run() {
    pipeline.send(
        exchange ->
            RunContext.of(exchange).session().request("p", List.of(RUN.logicalDate()), false));
  }

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
