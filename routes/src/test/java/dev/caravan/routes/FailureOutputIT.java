package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * What a person reads on the console of the packaged orchestrator when something fails: the cause
 * once, no matter how often it is met, none of Camel's own words, and the run in each line of a
 * run.
 */
class FailureOutputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String RUN = "datamarts/2026-01-02/1";

  @TempDir Path directory;
  private LocalWorld world;
  private ChildProcess orchestrator;

  @BeforeEach
  void create() throws IOException {
    // A machine under load is no failure to be told.
    world = LocalWorld.create(directory).set("caravan.yandex.call-timeout", "30s");
  }

  @AfterEach
  void end() throws IOException {
    world.close();
  }

  private void start(String... words) throws IOException {
    orchestrator = world.start(words);
  }

  private List<String> run(int exitCode) throws Exception {
    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.lastLines()).contains(exitCode);
    return orchestrator.log().lines().toList();
  }

  private static void assertSaidOnce(List<String> console, String words) {
    assertThat(console).filteredOn(line -> line.contains(words)).hasSize(1);
  }

  /** Warnings and errors, none of which is Camel's, and each of which names its run. */
  private static List<String> troubles(List<String> console) {
    List<String> troubles =
        console.stream().filter(line -> line.matches("\\S+Z (WARN|ERROR) .*")).toList();
    assertThat(troubles).allSatisfy(line -> assertThat(line).contains("[" + RUN + " "));
    assertThat(console)
        .noneMatch(line -> line.contains("org.apache.camel") || line.contains("o.a.c."))
        .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
    return troubles;
  }

  @Test
  void aFailedJobIsToldOnce() throws Exception {
    world.job("mart", "exit 64");
    start("run", "--date", "2026-01-02");
    List<String> console = run(1);
    assertSaidOnce(console, "Job mart failed: ");
    assertThat(troubles(console)).hasSize(1).allMatch(line -> line.contains("LastLines"));
  }

  @Test
  void aFailedRunOfTheScheduleIsOneErrorThatNamesItsRun() throws Exception {
    world.job("mart", "exit 64").schedule("date", "today");
    start("serve");
    world.events.await(
        orchestrator, PATIENCE, "the end of the run", event -> event.is("RUN_ENDED", "FAILED"));
    Awaitility.await().atMost(PATIENCE).until(() -> world.cloud.status() == Cluster.Status.STOPPED);
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroy();
    List<String> console = run(143);
    assertSaidOnce(console, "Job mart failed: ");
    assertSaidOnce(console, "run FAILED");
    List<String> ofTheRun = console.stream().filter(line -> line.contains("cluster is ")).toList();
    assertThat(ofTheRun).isNotEmpty().allSatisfy(line -> assertThat(line).contains("[datamarts/"));
    assertThat(console).noneMatch(line -> line.contains("o.a.c."));
  }

  @Test
  void anOutageOfTheEndpointIsAFewLines() throws Exception {
    Path end = directory.resolve("end");
    try (Relay relay = new Relay(world.cluster.uri())) {
      world
          .job("mart", "await " + end)
          .set("caravan.cluster.main.endpoint.port", Integer.toString(relay.address().getPort()));
      start("run", "--date", "2026-01-02");
      world.events.await(
          orchestrator, PATIENCE, "the job", event -> event.is("JOB_SUBMITTED", "mart"));
      relay.refuse();
      Awaitility.await().atMost(PATIENCE).until(() -> relay.refused() >= 30);
      relay.mend();
      Files.createFile(end);
      List<String> console = run(0);
      assertThat(troubles(console)).hasSize(2).last().asString().contains("more times in");
      assertThat(console).last().isEqualTo("cluster: STOPPED");
    }
  }

  @Test
  void anOutageOfS3IsToldOnce() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:9");
    world
        .set("caravan.s3.endpoint", nobody.toString())
        .output("mart", "s3://lake/mart/date={date}/", 1);
    start("run", "--date", "2026-01-02");
    List<String> console = run(1);
    assertThat(troubles(console)).isEmpty();
    assertSaidOnce(console, "S3 gave no answer on s3://lake/mart/");
  }

  @Test
  void aShutdownNamesNoStep() throws Exception {
    world.job("mart", "sleep 300");
    start("run", "--date", "2026-01-02");
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroy();
    List<String> console = run(143);
    assertThat(console).noneMatch(line -> line.contains("was not begun"));
    assertThat(troubles(console)).hasSizeLessThan(3);
  }
}
