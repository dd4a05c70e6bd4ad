package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.SharedInJvm;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.batches.EndpointCredentials;
import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.pipelines.JobPolicy;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.PromisedOutput;
import dev.caravan.processors.pipelines.SparkProgram;
import dev.caravan.processors.pipelines.SparkSizes;
import dev.caravan.shared.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a verb needs around it. Journal, Camel and the batch client are the real ones and serve all
 * tests of this JVM; each test has a pipeline, a cluster, an endpoint and an exchange of its own.
 */
final class Stage implements BeforeEachCallback, AfterEachCallback {
  static final LocalDate DATE = LocalDate.of(2026, 11, 21);
  static final Instant START = Instant.parse("2026-11-22T03:00:00Z");

  final ScriptedClusters clusters = new ScriptedClusters();
  final String pipeline = "p" + UUID.randomUUID().toString().substring(0, 8);
  final String clusterId = "c-" + pipeline;
  MutableClock clock;
  Journal journal;
  BatchClient batches;
  CamelContext camel;
  ScriptedEndpoint endpoint;
  Exchange exchange;

  @Override
  public void beforeEach(ExtensionContext context) {
    Shared shared = SharedInJvm.get(context, Shared.class, Shared::start);
    clock = shared.clock();
    clock.set(START);
    journal = shared.journal();
    batches = shared.batches();
    camel = shared.camel();
    endpoint = new ScriptedEndpoint();
    exchange = new DefaultExchange(camel);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    endpoint.close();
  }

  /** What the exchange at hand carries; its session is about the cluster of this stage. */
  RunContext context() {
    RunContext context = RunContext.of(exchange);
    if (context.session().findCluster().isEmpty()) {
      context.session().use(cluster(StopPolicy.OURS, master()));
    }
    return context;
  }

  /** The exchange at hand is about a cluster with this policy. */
  void use(StopPolicy policy) {
    context().session().use(cluster(policy, master()));
  }

  /** The exchange at hand is about a cluster with this endpoint. */
  void use(MasterEndpoint master) {
    context().session().use(cluster(StopPolicy.OURS, master));
  }

  ConfiguredCluster cluster(StopPolicy policy, MasterEndpoint master) {
    return new ConfiguredCluster(
        "main", clusterConfig(policy), master, batches, foreignWork(policy));
  }

  ConfiguredClusters clusters(StopPolicy policy) {
    return new ConfiguredClusters(List.of(cluster(policy, master())));
  }

  /** The pipeline of this stage, with these jobs. */
  Pipeline pipelineOf(PipelineJob... jobs) {
    return new Pipeline(pipeline, Optional.empty(), "main", 1, Optional.empty(), List.of(jobs), "");
  }

  /** The run at hand is of a pipeline with these jobs. */
  void define(PipelineJob... jobs) {
    context().define(pipelineOf(jobs));
  }

  /** Claims the date for the exchange at hand. */
  Run claim() {
    Run run = TestRuns.claim(journal, pipeline, DATE, clusterId, false);
    context().claimed(run);
    return run;
  }

  /** Claims the date and names a job that is to run at the endpoint. */
  Run claimAndName(String job) {
    define(job(job));
    context().beginJob(job);
    context().session().markReady(endpoint.uri());
    return claim();
  }

  /**
   * An exchange as a process that was started anew would have it: all that was in memory gone, and
   * what it held free to be taken up.
   */
  Exchange afterRestart() {
    context().findRun().ifPresent(journal.claims()::letGo);
    exchange = new DefaultExchange(camel);
    context();
    return exchange;
  }

  /** The same exchange, but in a process that is being shut down. */
  Exchange whileStopping() {
    Exchange stopping = new DefaultExchange(stopping());
    exchange.getProperties().forEach(stopping::setProperty);
    exchange = stopping;
    return stopping;
  }

  static CamelContext stopping() {
    return new DefaultCamelContext() {
      @Override
      public boolean isStopping() {
        return true;
      }
    };
  }

  List<String> events(Run run, RunEvent.Kind kind) {
    return journal.events().of(run).stream()
        .filter(event -> event.kind() == kind)
        .map(event -> event.subject() + " " + event.detail())
        .map(String::strip)
        .toList();
  }

  List<String> requests() {
    return endpoint.requests().stream()
        .map(request -> request.method() + " " + request.uri())
        .toList();
  }

  /** The endpoint of this stage as the master of its cluster has it. */
  MasterEndpoint master() {
    return master(Optional.of("127.0.0.1"));
  }

  MasterEndpoint master(Optional<String> host) {
    return new MasterEndpoint(
        clusters,
        clusterId,
        new EndpointConfig("http", host, endpoint.uri().getPort(), Duration.ofMinutes(10)));
  }

  ForeignWork foreignWork(StopPolicy policy) {
    return new ForeignWork(journal, batches, master(), () -> List.of(pipeline), policy);
  }

  ClusterConfig clusterConfig(StopPolicy policy) {
    return new ClusterConfig(
        clusterId,
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        Duration.ofMinutes(30),
        Duration.ofMinutes(10),
        Duration.ofMinutes(20),
        policy,
        Optional.of(Duration.ofHours(1)));
  }

  /** A batch as the endpoint shows it. */
  static String batch(int id, String state, String name) {
    return """
        {"id":%d,"name":"%s","state":"%s","appId":"application_1_%d","log":[]}"""
        .formatted(id, name, state, id);
  }

  /**
   * Lets the endpoint show these batches, in pages, and a lease that names no foreign application.
   *
   * @param stockLivy whether it keeps no lease
   */
  void endpointRuns(boolean stockLivy, List<String> shown) {
    endpoint.answers(
        http -> {
          String uri = http.getRequestURI().toString();
          if (uri.startsWith("/batches")) {
            int from = Integer.parseInt(uri.replaceAll(".*from=(\\d+).*", "$1"));
            List<String> page =
                shown.subList(Math.min(from, shown.size()), Math.min(from + 100, shown.size()));
            ScriptedEndpoint.reply(
                http,
                200,
                "application/json",
                "{\"from\":%d,\"total\":%d,\"sessions\":[%s]}"
                    .formatted(from, shown.size(), String.join(",", page)));
          } else if (stockLivy) {
            ScriptedEndpoint.reply(http, 404, "text/html", "<h1>404</h1>");
          } else {
            ScriptedEndpoint.reply(
                http, 200, "application/json", "{\"lapsed\":false,\"foreignApplications\":[]}");
          }
        });
  }

  /** A job that promises nothing. */
  static PipelineJob job(String name) {
    return job(name, List.of());
  }

  static PipelineJob job(String name, List<PromisedOutput> outputs) {
    return job(name, "s3a://lake/jobs.jar", List.of("--date", "{date}"), outputs, Optional.empty());
  }

  static PipelineJob job(
      String name,
      String file,
      List<String> args,
      List<PromisedOutput> outputs,
      Optional<String> summary) {
    return new PipelineJob(
        name,
        List.of(),
        new SparkProgram(
            file,
            Optional.of("dev.example.Main"),
            args,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of("spark.a", "1"),
            SparkSizes.DEFAULT),
        new JobPolicy(Duration.ofHours(1), Duration.ofSeconds(5), 1, Set.of(), Duration.ZERO, 1),
        outputs,
        summary);
  }

  static PromisedOutput output(String at, int minObjects) {
    return new PromisedOutput(at, minObjects, 0, 0, Optional.empty(), List.of());
  }

  private record Shared(
      MutableClock clock, Journal journal, DefaultCamelContext camel, BatchClient batches)
      implements AutoCloseable {

    static Shared start() {
      MutableClock clock = new MutableClock(START);
      Journal journal = Journal.open(JournalConfig.of("jdbc:h2:mem:stage"), clock);
      DefaultCamelContext camel = new DefaultCamelContext();
      camel.start();
      BatchClientConfig config = BatchClientConfig.of(EndpointCredentials.none(), Optional.empty());
      return new Shared(clock, journal, camel, new BatchClient(camel, config));
    }

    @Override
    public void close() throws IOException {
      batches.close();
      camel.close();
      journal.close();
    }
  }
}
