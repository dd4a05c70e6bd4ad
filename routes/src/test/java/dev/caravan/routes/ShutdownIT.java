package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.RecordedEvents.RecordedEvent;
import dev.caravan.cloud.yandex.RecordedCall;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.processors.journal.RunEvent.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * The packaged orchestrator as a process: a SIGTERM in any step is followed by a stop call while
 * whatever that step waits for still hangs, by no further step of a run, and by its end.
 */
class ShutdownIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What only a run that goes on can tell. */
  private static final List<String> PROGRESS =
      Stream.of(
              Kind.RUN_CLAIMED, Kind.CLUSTER_START_ASKED, Kind.ENDPOINT_READY, Kind.OUTPUT_VERIFIED)
          .map(Kind::name)
          .toList();

  @TempDir Path directory;
  private LocalWorld world;
  private ChildProcess orchestrator;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory);
    world.addJob("second", "exit 0");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void start() throws IOException {
    start("run", "--date", "2026-01-02");
  }

  private void start(String... words) throws IOException {
    orchestrator = world.start(words);
  }

  private void await(Kind kind, String subject) throws InterruptedException {
    world.events.await(
        orchestrator, PATIENCE, kind + " " + subject, event -> event.is(kind.name(), subject));
  }

  private List<RecordedEvent> told() {
    return world.events.of(orchestrator);
  }

  /** Sends SIGTERM and checks what must follow. */
  private void terminate() throws Exception {
    long jobsBefore = world.jobsStarted();
    Instant signal = Instant.now();
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroy();
    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.lastLines()).contains(143);
    assertThat(world.stops()).as(orchestrator.log()).isPositive();
    assertThat(world.jobsStarted()).as("jobs posted after the signal").isEqualTo(jobsBefore);
    List<RecordedCall> startsAfter =
        world.cloud.calls(Rpc.START_CLUSTER).stream()
            .filter(call -> call.at().isAfter(signal))
            .toList();
    assertThat(startsAfter).isEmpty();
    assertThat(told())
        .filteredOn(event -> event.at().isAfter(signal))
        .extracting(RecordedEvent::kind)
        .doesNotContainAnyElementsOf(PROGRESS);
    assertThat(told())
        .extracting(RecordedEvent::kind)
        .doesNotContain(EventFile.ProcessEvent.SHUTDOWN_FORCED.name())
        .endsWith(EventFile.ProcessEvent.PROCESS_STOPPED.name());
  }

  @Test
  void whileTheClusterStarts() throws Exception {
    world.cloud.script().stoppableWhen(Cluster.Status.STARTING).startTakes(Duration.ofMinutes(5));
    start();
    await(Kind.CLUSTER_STATUS, "STARTING");
    terminate();
  }

  @Test
  void whileTheEndpointIsAwaited() throws Exception {
    world.set("caravan.cluster.main.endpoint.port", "9");
    start();
    await(Kind.CLUSTER_STATUS, "RUNNING");
    terminate();
  }

  @Test
  void whileAJobIsBeingSubmittedToAnEndpointThatHangs() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    HttpServer hanging =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hanging.createContext(
        "/health",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          byte[] ready = "{\"ready\":true}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, ready.length);
          exchange.getResponseBody().write(ready);
          exchange.close();
        });
    hanging.createContext(
        "/batches",
        exchange -> {
          if (exchange.getRequestMethod().equals("POST")) posts.incrementAndGet();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    var threads = java.util.concurrent.Executors.newCachedThreadPool();
    hanging.setExecutor(threads);
    hanging.start();
    try {
      world.set(
          "caravan.cluster.main.endpoint.port", Integer.toString(hanging.getAddress().getPort()));
      start();
      Awaitility.await().atMost(PATIENCE).until(() -> posts.get() > 0);
      int before = posts.get();
      terminate();
      assertThat(posts).as("submitted again after the signal").hasValue(before);
    } finally {
      never.countDown();
      hanging.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void whileAJobRuns() throws Exception {
    world.job("mart", "sleep 300").addJob("second", "exit 0");
    start();
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
    terminate();
    assertThat(told()).anyMatch(event -> event.is(Kind.JOB_KILLED.name(), "mart"));
  }

  @Test
  void whileTheOutputIsVerifiedAgainstAnS3ThatHangs() throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      world.set("caravan.s3.endpoint", "http://127.0.0.1:" + hanging.getLocalPort());
      world.output("mart", "s3://lake/mart/date={date}/", 1);
      start();
      await(Kind.JOB_SUCCEEDED, "mart");
      terminate();
    }
  }

  @Test
  void whileTheScheduleHasFiredARun() throws Exception {
    world.job("mart", "sleep 300").addJob("second", "exit 0");
    start("serve");
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
    terminate();
  }

  @Test
  void whileItBootsWithNothingBegun() throws Exception {
    world.schedule("every", "366d");
    start("serve");
    String started = EventFile.ProcessEvent.PROCESS_STARTED.name();
    world.events.await(orchestrator, PATIENCE, started, event -> event.is(started));
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroy();
    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.lastLines()).contains(143);
    assertThat(world.starts()).isZero();
    assertThat(told())
        .extracting(RecordedEvent::kind)
        .doesNotContain(EventFile.ProcessEvent.SHUTDOWN_FORCED.name());
  }

  @Test
  void whileTheCloudRefusesToStopAClusterThatStarts() throws Exception {
    world.cloud.script().startTakes(Duration.ofMinutes(5));
    start();
    await(Kind.CLUSTER_STATUS, "STARTING");
    terminate();
    assertThat(told())
        .anyMatch(event -> event.is(Kind.ALARM_RAISED.name()))
        .anyMatch(event -> event.is(Kind.RUN_ENDED.name(), "INTERRUPTED"));
  }

  @Test
  void whileTheClusterStops() throws Exception {
    world.cloud.script().stopTakes(Duration.ofMinutes(5));
    start();
    await(Kind.CLUSTER_STATUS, "STOPPING");
    terminate();
    assertThat(world.stops()).isEqualTo(1);
  }
}
