package dev.caravan.routes;

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
import org.apache.camel.AggregationStrategy;
import org.apache.camel.BindToRegistry;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Produce;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.junit.jupiter.api.BeforeEach;

/**
 * The shipped routes with every verb replaced by one that only notes its name, and throws what a
 * test asks for.
 */
abstract class NotingSteps {
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

  boolean claims = true;
  final AtomicInteger waits = new AtomicInteger();
  dev.caravan.processors.pipelines.Pipeline definition;

  @Produce("direct:session")
  ProducerTemplate pipeline;

  final List<String> done = new CopyOnWriteArrayList<>();
  final Map<String, Supplier<Throwable>> failures = new ConcurrentHashMap<>();

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

  final Step noting(String name) {
    return noting(name, exchange -> {});
  }

  final Step noting(String name, java.util.function.Consumer<Exchange> effect) {
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

  /** What the step does that looks for a run that is due. */
  java.util.function.Consumer<Exchange> looked = exchange -> {};

  @BindToRegistry("lookForDueRun")
  Step lookForDueRun = noting("lookForDueRun", exchange -> looked.accept(exchange));

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

  /** What the step does that settles a message. */
  java.util.function.Consumer<Exchange> settled = exchange -> {};

  @BindToRegistry("settleNotification")
  Step settleNotification = noting("settleNotification", exchange -> settled.accept(exchange));

  @BindToRegistry("pingMonitor")
  Step pingMonitor = noting("pingMonitor");

  @BindToRegistry("exportTraces")
  Step exportTraces = noting("exportTraces");

  @BindToRegistry("notify")
  Component messages = NotificationClient.create();

  @BindToRegistry("keepOriginal")
  AggregationStrategy keepOriginal = (original, polled) -> original;

  static final dev.caravan.processors.journal.Run RUN =
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

  static dev.caravan.processors.pipelines.Pipeline pipelineOf(String... jobs) {
    String text =
        "cluster: main\ndefaults: { file: /a.jar, class: a.Main }\njobs:\n"
            + java.util.Arrays.stream(jobs)
                .map(job -> "  " + job + ": {}\n")
                .collect(java.util.stream.Collectors.joining());
    return dev.caravan.processors.pipelines.PipelineParser.ofSnapshots().parse("p", "p.yaml", text);
  }

  final void run() {
    pipeline.send(
        exchange ->
            RunContext.of(exchange).session().request("p", List.of(RUN.logicalDate()), false));
  }
}
