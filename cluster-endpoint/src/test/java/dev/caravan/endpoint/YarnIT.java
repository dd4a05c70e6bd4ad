package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.yarn.YarnCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged endpoint, the real spark-submit, a stock ResourceManager and NodeManager: one
 * cluster, and an endpoint for each deploy mode.
 */
class YarnIT {
  enum Mode {
    CLIENT,
    CLUSTER
  }

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Path LOCAL_CLOUD = Path.of("../local-cloud").toAbsolutePath().normalize();
  private static final Path SPARK_HOME = LOCAL_CLOUD.resolve("spark-home/target/spark-home");
  private static final Path LAUNCHER = Path.of("target/caravan-endpoint").toAbsolutePath();
  private static final String SMALL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  @TempDir static Path common;
  private static final List<AutoCloseable> PARTS = new ArrayList<>();
  private static final Map<Mode, Client> ENDPOINTS = new EnumMap<>(Mode.class);
  private static YarnCluster yarn;
  private static Path job;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    yarn = YarnCluster.start(LOCAL_CLOUD.resolve("yarn/target/yarn"), common.resolve("yarn"));
    PARTS.add(yarn);
    job = SparkJar.of("YarnJob", SPARK_HOME, common);
    for (Mode mode : Mode.values()) {
      ENDPOINTS.put(mode, endpoint(mode));
    }
  }

  private static Client endpoint(Mode mode) throws Exception {
    Path home = Files.createDirectories(common.resolve(mode.name()));
    List<String> words = new ArrayList<>(List.of(LAUNCHER.toString()));
    settings(mode, home).forEach((key, value) -> words.add("--" + key + "=" + value));
    Map<String, String> environment =
        Map.of(
            "CARAVAN_JAVA",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "JAVA_HOME",
            System.getProperty("java.home"),
            "LC_ALL",
            "C.UTF-8",
            "SPARK_LOCAL_IP",
            "127.0.0.1",
            "SPARK_SUBMIT_OPTS",
            SMALL,
            "HADOOP_CONF_DIR",
            yarn.confDirectory().toString());
    ChildProcess process =
        ChildProcess.start(
            "the endpoint of " + mode, words, environment, home.resolve("endpoint.log"));
    PARTS.add(process);
    ReadySignal ready =
        process.await(
            "it was ready", Duration.ofSeconds(30), () -> ReadySignal.read(readyFile(home)));
    return new Client(ready.port());
  }

  private static Path readyFile(Path home) {
    return home.resolve("ready.json");
  }

  private static Map<String, String> settings(Mode mode, Path home) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("endpoint.port", "0");
    settings.put("endpoint.ready-file", readyFile(home).toString());
    settings.put("endpoint.data-dir", home.resolve("data").toString());
    settings.put("endpoint.spark-submit", SPARK_HOME.resolve("bin/spark-submit").toString());
    settings.put("endpoint.allowed-files", "file:" + common + "/");
    settings.put("endpoint.master", "yarn");
    settings.put("endpoint.deploy-mode", mode.name().toLowerCase(Locale.ROOT));
    settings.put("endpoint.yarn-rm", yarn.restAddress().toString());
    Map.ofEntries(
            Map.entry("spark.yarn.jars", "local:" + SPARK_HOME + "/jars/*"),
            Map.entry("spark.yarn.stagingDir", "file://" + home.resolve("staging")),
            Map.entry("spark.yarn.maxAppAttempts", "1"),
            Map.entry("spark.yarn.am.memory", "384m"),
            Map.entry("spark.driver.memory", "512m"),
            Map.entry("spark.driver.memoryOverhead", "128m"),
            Map.entry("spark.executor.memory", "512m"),
            Map.entry("spark.executor.memoryOverhead", "128m"),
            Map.entry("spark.executor.instances", "1"),
            Map.entry("spark.ui.enabled", "false"),
            Map.entry("spark.yarn.am.extraJavaOptions", SMALL),
            Map.entry("spark.driver.extraJavaOptions", SMALL),
            Map.entry("spark.executor.extraJavaOptions", SMALL))
        .forEach((key, value) -> settings.put("endpoint.forced-conf." + key, value));
    return settings;
  }

  @AfterAll
  static void stop() throws Exception {
    // The endpoints first, then the cluster.
    for (int i = PARTS.size() - 1; i >= 0; i--) {
      PARTS.get(i).close();
    }
    assertThat(yarn.living()).isZero();
  }

  private static String submit(Mode mode, String... steps) {
    String args = Stream.of(steps).map(s -> '"' + s + '"').collect(Collectors.joining(","));
    return ENDPOINTS
        .get(mode)
        .post("{\"file\":\"file:%s\",\"className\":\"YarnJob\",\"args\":[%s]}".formatted(job, args))
        .id();
  }

  private static JsonNode batch(Mode mode, String id) {
    return ENDPOINTS.get(mode).get("/batches/" + id).json();
  }

  private static boolean isOver(Mode mode, String id) {
    return !batch(mode, id).path("state").asText().matches("starting|running");
  }

  private static void awaitState(Mode mode, String id, String state) {
    await("batch " + id + " to be over").atMost(PATIENCE).until(() -> isOver(mode, id));
    assertThat(batch(mode, id).path("state").asText())
        .as(() -> String.join("\n", ENDPOINTS.get(mode).log(id)))
        .isEqualTo(state);
  }

  /** The application's id as the endpoint knows it while the batch runs. */
  private static String runningApplication(Mode mode, String id) {
    await("batch " + id + " to have an application or to be over")
        .atMost(PATIENCE)
        .until(() -> batch(mode, id).path("appId").isTextual() || isOver(mode, id));
    String application = batch(mode, id).path("appId").asText();
    assertThat(application)
        .as(() -> String.join("\n", ENDPOINTS.get(mode).log(id)))
        .matches("application_\\d+_\\d+");
    assertThat(batch(mode, id).path("state").asText()).isEqualTo("running");
    return application;
  }

  /** What YARN says of an application, and not the endpoint: state and final status. */
  private static String saidByYarn(String application) {
    JsonNode app =
        new Client(yarn.restAddress().getPort())
            .send("GET", "/ws/v1/cluster/apps/" + application, "", "Accept", "application/json")
            .json()
            .path("app");
    return app.path("state").asText() + " " + app.path("finalStatus").asText();
  }

  private static void awaitYarn(String application, String said) {
    await(application + " to be " + said)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(saidByYarn(application)).isEqualTo(said));
  }

  /** No driver, master or executor: each names its application in its command line. */
  private static void awaitNoProcess(String application) {
    await("no process of " + application)
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .noneMatch(
                        process -> process.info().commandLine().orElse("").contains(application)));
  }

  @ParameterizedTest
  @EnumSource
  void aJobIsSeenRunningInYarnAndSucceeds(Mode mode) throws Exception {
    Path sum = directory.resolve("sum");
    Path go = directory.resolve("go");
    String id = submit(mode, "sum " + sum, "await " + go);
    String application = runningApplication(mode, id);
    awaitYarn(application, "RUNNING UNDEFINED");
    Files.createFile(go);

    awaitState(mode, id, "success");
    assertThat(batch(mode, id).path("appId").asText()).isEqualTo(application);
    assertThat(sum).hasContent("sum 10");
    awaitYarn(application, "FINISHED SUCCEEDED");
    awaitNoProcess(application);
  }

  @Test
  void aDriverThatFailsInTheClusterIsAFailure() {
    String id = submit(Mode.CLUSTER, "fail");

    awaitState(Mode.CLUSTER, id, "dead");
    String application = batch(Mode.CLUSTER, id).path("appId").asText();
    assertThat(saidByYarn(application)).endsWith(" FAILED");
    assertThat(batch(Mode.CLUSTER, id).path("reason").asText())
        .contains("YARN says FAILED of its application " + application);
  }

  @Test
  void aDriverThatFailsHereIsAFailureAlthoughYarnSaysSucceeded() throws Exception {
    Path go = directory.resolve("go");
    String id = submit(Mode.CLIENT, "stop", "await " + go, "exit 7");
    awaitYarn(runningApplication(Mode.CLIENT, id), "FINISHED SUCCEEDED");
    Files.createFile(go);

    awaitState(Mode.CLIENT, id, "dead");
    assertThat(batch(Mode.CLIENT, id).path("exitCode").asInt()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  void deleteKillsTheApplication(Mode mode) {
    String id = submit(mode, "await " + directory.resolve("never"));
    String application = runningApplication(mode, id);
    awaitYarn(application, "RUNNING UNDEFINED");

    assertThat(ENDPOINTS.get(mode).delete("/batches/" + id).message()).isEqualTo("deleted");

    assertThat(saidByYarn(application)).isEqualTo("KILLED KILLED");
    assertThat(batch(mode, id).path("msg").asText()).isEqualTo("Session '" + id + "' not found.");
    awaitNoProcess(application);
  }
}
