package dev.caravan.cloud.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.TestJar;
import dev.caravan.cloud.cluster.FakeEndpoint;
import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged demo, with stand-ins for the orchestrator's and the endpoint's jars. */
class DemoIT {

  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir static Path jars;
  private static Path endpointJar;
  private static Path orchestratorJar;
  @TempDir Path directory;

  @BeforeAll
  static void pack() throws IOException {
    endpointJar = TestJar.of(FakeEndpoint.class, jars.resolve("endpoint.jar"));
    orchestratorJar = TestJar.withClassPath(FakeOrchestrator.class, jars.resolve("caravan.jar"));
  }

  private ChildProcess demo(String... options) throws IOException {
    Path jar = Path.of("target", "caravan-local-cloud.jar");
    List<String> command = new ArrayList<>(ChildProcess.jar("512m", jar));
    command.addAll(
        List.of(
            "--orchestrator-jar=" + orchestratorJar,
            "--endpoint-jar=" + endpointJar,
            "--jobs-jar=" + endpointJar,
            "--rows=300",
            "--keep=" + directory.resolve("kept")));
    command.addAll(List.of(options));
    return ChildProcess.start("the demo", command, Map.of(), directory.resolve("output"));
  }

  private void assertNothingRuns() throws IOException {
    long batch = FakeEndpoint.batch(directory.resolve("kept/cluster/endpoint-data"));
    assertThat(ProcessHandle.of(batch)).isEmpty();
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.resolve("kept").toString())))
        .isEmpty();
  }

  @Test
  void aGoodRunShowsRowsAndTheStoppedCluster() throws Exception {
    try (ChildProcess demo = demo("--date=2026-03-01", "--raw")) {
      assertThat(demo.exitCode(BOUND)).as(demo::log).contains(0);
      assertThat(demo.log())
          .containsSubsequence(
              "starting the local S3 and the local Yandex API; writing 300 sample events, raw,",
              "300 events in 90 files",
              "fake: Start cluster",
              "fake: Stop cluster",
              "users-demographic-dm, date=2026-03-01: 1 row\n",
              "4711",
              "add-to-friends-recommendations-dm, date=2026-03-01: 1 row\n",
              "\ncluster: STOPPED\n");
    }
    assertThat(Files.readString(directory.resolve("kept/pipelines/datamarts.yaml")))
        .contains("\n  events-layer:\n", "\n  datamarts:\n    needs: [events-layer]\n")
        .contains(
            "args: [\"events-layer\", \"--date\", \"{date}\", \"--depth\", \"30\", \"--src\", \"s3a://lake/raw\", \"--tgt\", \"s3a://lake/events\", ")
        .contains("args: [\"users-demographic-dm,events-total-cnt-agg-wk-mnth-dm,");
    assertNothingRuns();
  }

  @Test
  void aFailedJobEndsWithTheOrchestratorsCodeAndAStoppedCluster() throws Exception {
    try (ChildProcess demo = demo("--fail", "users-demographic-dm")) {
      assertThat(demo.exitCode(BOUND)).as(demo::log).contains(3);
      assertThat(demo.log())
          .contains("fake: job users-demographic-dm failed")
          .contains("\ncluster: STOPPED\n");
    }
    assertNothingRuns();
  }

  @Test
  void aRunThatOnlyClaimsToBeGoodIsNotBelieved() throws Exception {
    try (ChildProcess demo = demo("--date=2020-01-02")) {
      assertThat(demo.exitCode(BOUND)).as(demo::log).contains(1);
      assertThat(demo.log())
          .contains("the orchestrator ended with exit code 0")
          .contains("users-demographic-dm, date=2020-01-02: 0 rows")
          .contains("\ncluster: RUNNING\n");
    }
    assertNothingRuns();
  }

  @Test
  void aSignalEndsEverything() throws Exception {
    try (ChildProcess demo = demo("--date=2020-01-01")) {
      Path alive = FakeOrchestrator.aliveMark(directory.resolve("kept/demo.properties"));
      await().atMost(BOUND).until(() -> Files.exists(alive));
      ProcessHandle.of(demo.pid()).orElseThrow().destroy();
      assertThat(demo.exitCode(BOUND)).as(demo::log).contains(143);
      assertThat(demo.log()).contains("ending the run").contains("cluster: RUNNING");
      assertNothingRuns();
    }
  }
}
