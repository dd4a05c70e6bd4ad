package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.steps.RunContext;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.test.main.junit5.AdviceRouteMapping;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Drives each shipped route along all its ways, and says which step of it was never reached. A step
 * that is added to a route must be reached by this test, too: a branch that nothing enters is one
 * that nobody has seen work.
 */
@CamelMainTest(
    properties = {
      "camel.main.routesIncludePattern=classpath:camel/*.camel.yaml",
      "camel.main.basePackageScanEnabled=false",
      "caravan.reconcile.uri=timer:reconcile?delay=-1&repeatCount=1",
      "caravan.ping.uri=timer:ping?delay=-1&repeatCount=1"
    },
    advices = @AdviceRouteMapping(route = "verify-output", advice = NotingSteps.NoS3.class),
    shutdownTimeout = 5)
class RouteCoverageTest extends NotingSteps {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** By route and node, over all contexts of this class. */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  private static final AtomicInteger DISPATCHERS = new AtomicInteger();
  private CamelContext camel;

  /** Routes are made from their models when the context starts, so this comes before all. */
  @Configure
  void noteWhatIsReached(MainConfigurationProperties configuration) {
    configuration.addRoutesBuilder(
        new RouteBuilder() {
          @Override
          public void configure() {
            getContext()
                .getCamelContextExtension()
                .addInterceptStrategy(
                    (context, node, target, next) ->
                        new DelegateAsyncProcessor(target) {
                          @Override
                          public boolean process(Exchange exchange, AsyncCallback callback) {
                            REACHED.add(name(node));
                            return super.process(exchange, callback);
                          }
                        });
          }
        });
  }

  private static String name(NamedNode node) {
    return CamelContextHelper.getRouteId(node) + ": " + node.getId();
  }

  @BeforeEach
  void takeContext() {
    camel = pipeline.getCamelContext();
  }

  @AfterEach
  void nothingGoesOn() {
    assertThat(camel.getInflightRepository().size()).isZero();
  }

  /** Starts a route that waits for its schedule, until the steps were called. */
  private void fire(String route, String... steps) throws Exception {
    done.clear();
    camel.getRouteController().startRoute(route);
    Awaitility.await().atMost(PATIENCE).until(() -> done.containsAll(List.of(steps)));
    camel.getRouteController().stopRoute(route);
  }

  private void fail(String step) {
    failures.put(step, () -> new FatalException("asked for"));
  }

  /** What {@code ${exchangeProperty.delivery...}} asks for; each message once. */
  public static final class Messages {
    private final List<String> forms;

    Messages(String... forms) {
      this.forms = new ArrayList<>(List.of(forms));
    }

    public boolean messageTaken() {
      return !forms.isEmpty();
    }

    public String target() {
      return "main";
    }

    public String form() {
      return forms.get(0);
    }

    public String mailEndpoint() {
      return "mock:mail";
    }

    void settle() {
      forms.remove(0);
    }
  }

  private static Messages messages(Exchange exchange) {
    return exchange.getProperty("delivery", Messages.class);
  }

  private void deliver(String... forms) {
    settled = exchange -> messages(exchange).settle();
    pipeline
        .getCamelContext()
        .createProducerTemplate()
        .send("direct:notify", exchange -> exchange.setProperty("delivery", new Messages(forms)));
  }

  @Test
  void everyStepOfEveryShippedRouteIsReached() throws Exception {
    waits.set(1);
    run();
    failures.clear();

    // A job that fails, a run that can't go on, jobs that can't be ended, a stop that is refused.
    fail("submitJob");
    run();
    fail("claimRun");
    fail("endJobs");
    fail("stopCluster");
    run();
    failures.clear();

    MockEndpoint output = camel.getEndpoint("mock:await-output", MockEndpoint.class);
    output.whenAnyExchangeReceived(
        exchange -> {
          throw new FatalException("S3 is away");
        });
    run();

    deliver("mail", "chat", "");
    fire("pipelines", "takeUpEdits");
    fire("schedule", "checkBudgets", "queueDueRuns");
    fire("reconcile-schedule", "takeUpOpenRuns", "stopForgottenClusters", "watchUnusedClusters");
    fire("notify-schedule", "takeNotification");
    fire("ping-server", "pingMonitor");
    fire("traces-schedule", "exportTraces");
    dispatch();

    for (String step :
        List.of(
            "checkBudgets",
            "queueDueRuns",
            "takeUpOpenRuns",
            "stopForgottenClusters",
            "watchUnusedClusters",
            "takeNotification",
            "exportTraces")) {
      fail(step);
    }
    fire("schedule", "checkBudgets", "queueDueRuns");
    fire("reconcile-schedule", "watchUnusedClusters");
    fire("notify-schedule", "takeNotification");
    fire("traces-schedule", "exportTraces");
    fail("pingMonitor");
    fire("ping-server", "pingMonitor");
    for (String step : List.of("takeNotification", "pingMonitor", "exportTraces")) {
      failures.put(step, () -> new java.util.concurrent.CancellationException("asked for"));
    }
    fire("notify-schedule", "takeNotification");
    fire("ping-server", "pingMonitor");
    fire("traces-schedule", "exportTraces");

    assertThat(steps()).as("all steps that the routes have").hasSizeGreaterThan(60);
    assertThat(steps())
        .as("steps of shipped routes that this test never reaches")
        .isSubsetOf(REACHED);
  }

  private void dispatch() throws Exception {
    String route = "dispatch-" + DISPATCHERS.incrementAndGet();
    ((ModelCamelContext) camel).addRouteFromTemplate(route, "dispatch", Map.of("cluster", "main"));
    AtomicInteger looks = new AtomicInteger();
    looked =
        exchange -> {
          if (looks.getAndIncrement() == 0) {
            RunContext.of(exchange)
                .session()
                .request(RUN.pipeline(), List.of(RUN.logicalDate()), false);
          }
        };
    fire(route, "lookForDueRun", "endSession");
  }

  /** The steps without others in them: who reaches them has passed those around them. */
  private Set<String> steps() {
    Set<String> names = new TreeSet<>();
    for (RouteDefinition route : ((ModelCamelContext) camel).getRouteDefinitions()) {
      leaves(route).map(RouteCoverageTest::name).forEach(names::add);
    }
    return names;
  }

  private static Stream<ProcessorDefinition<?>> leaves(ProcessorDefinition<?> node) {
    if (node instanceof OnExceptionDefinition) {
      // A rule, not a step.
      return Stream.empty();
    }
    Stream<ProcessorDefinition<?>> inner = node.getOutputs().stream();
    if (node instanceof TryDefinition guarded) {
      inner = Stream.concat(inner, guarded.getCatchClauses().stream()).distinct();
    }
    List<ProcessorDefinition<?>> children = inner.toList();
    return children.isEmpty()
        ? Stream.of(node)
        : children.stream().flatMap(RouteCoverageTest::leaves);
  }
}
