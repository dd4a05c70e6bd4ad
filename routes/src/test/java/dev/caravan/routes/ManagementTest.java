package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.cost.Phase;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ClusterCostView;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.shared.MutableClock;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures equal the journal's, and what is shipped for them knows their names. */
@Tag("slow")
class ManagementTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final LocalDate DATE = LocalDate.of(2026, 11, 20);
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+(?:\\{.*})?) (\\S+)$");
  private static final Pattern COUNTED =
      Pattern.compile("caravan_cloud_errors_total\\{call=\"look\",code=\"\\w+\"} [1-9]");
  private static final Pattern NAME = Pattern.compile("caravan_\\w+");

  @TempDir private static Path directory;
  private static final MutableClock CLOCK = new MutableClock(NOW);

  /** With a history that no test changes. */
  private static CaravanApplication application;

  private static Run run;

  @BeforeAll
  static void start() throws Exception {
    application = CaravanApplication.startServer(installation("server").read(), CLOCK);
    run = live(application.journal());
  }

  @AfterAll
  static void close() {
    TestServer.close(application);
  }

  private static TestInstallation installation(String name) throws IOException {
    return TestServer.installation(Files.createDirectory(directory.resolve(name)))
        .set("caravan.reconcile.every", "off")
        .set("caravan.cluster.main.price.hour", "3600")
        .set("caravan.management.port", "0");
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(application, "GET", path);
  }

  private static HttpResponse<String> send(CaravanApplication to, String method, String path)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + to.managementPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static Map<String, String> scrape() throws Exception {
    Map<String, String> samples = new TreeMap<>();
    SAMPLE
        .matcher(get("/metrics").body())
        .results()
        .forEach(sample -> samples.put(sample.group(1), sample.group(2)));
    return samples;
  }

  /** A run that succeeds in a session that goes on, one that waits, and an alarm. */
  private static Run live(Journal journal) {
    journal.queue().add("marts", TestInstallation.CLUSTER, DATE, false, "ann");
    Run begun =
        ((Claim.Taken) journal.claims().claimDue(TestInstallation.CLUSTER).orElseThrow()).run();
    journal.sessions().open(begun, TestInstallation.CLUSTER, true);
    journal.statuses().seen(begun, "STARTING");
    CLOCK.pass(Duration.ofSeconds(100));
    journal.statuses().seen(begun, "RUNNING");
    journal.jobs().submitting(begun, "load", attempt -> "key-" + attempt);
    CLOCK.pass(Duration.ofMillis(30_500));
    journal.runs().end(begun, RunState.SUCCEEDED, Optional.empty());
    journal.queue().add("marts", TestInstallation.CLUSTER, DATE.plusDays(1), false, "ann");
    journal.alarms().raise(AlarmKind.STOP_FAILED, "c9qother", "no permission");
    CLOCK.pass(Duration.ofSeconds(12));
    return journal.runs().find(begun.id()).orElseThrow();
  }

  @Test
  void figuresEqualTheJournals() throws Exception {
    Map<String, String> samples = scrape();

    assertThat(samples)
        .containsEntry("caravan_runs{pipeline=\"marts\",state=\"SUCCEEDED\"}", "1")
        .containsEntry("caravan_runs{pipeline=\"marts\",state=\"QUEUED\"}", "1")
        .containsEntry(
            "caravan_run_duration_seconds_count{pipeline=\"marts\",state=\"SUCCEEDED\"}", "1")
        .containsEntry("caravan_queued_runs{cluster=\"main\"}", "1")
        .containsEntry("caravan_queue_lateness_seconds{cluster=\"main\"}", "12.000")
        .containsEntry("caravan_alarms_total{kind=\"STOP_FAILED\"}", "1")
        .containsEntry("caravan_alarms_raised{kind=\"STOP_FAILED\"}", "1")
        .containsEntry("caravan_alarms_raised{kind=\"RUN_FAILED\"}", "0")
        .containsEntry("caravan_session_open{cluster=\"main\"}", "1")
        .containsEntry("caravan_notifications{state=\"PENDING\"}", "0");
    assertThat(
            Double.parseDouble(
                samples.get(
                    "caravan_run_duration_seconds_sum{pipeline=\"marts\",state=\"SUCCEEDED\"}")))
        .isEqualTo(
            Duration.between(run.startedAt(), run.endedAt().orElseThrow()).toMillis() / 1_000.0);
    assertThat(
            Double.parseDouble(
                samples.get("caravan_last_success_timestamp_seconds{pipeline=\"marts\"}")))
        .isEqualTo(run.endedAt().orElseThrow().toEpochMilli() / 1_000.0);
    assertThat(samples)
        .containsEntry(
            "caravan_cluster_status_seconds_total{cluster=\"main\",status=\"STARTING\"}", "100.000")
        .containsEntry(
            "caravan_cluster_status_seconds_total{cluster=\"main\",status=\"RUNNING\"}", "42.500");
  }

  @Test
  void costAndIdleTimeAreThoseOfTheCost() throws Exception {
    Map<String, String> samples = scrape();

    ClusterCostView cost = application.controlPlane().cost(Optional.empty()).clusters().get(0);
    assertThat(cost.phases()).isNotEmpty();
    cost.phases()
        .forEach(
            (phase, spent) ->
                assertThat(seconds(samples, phase))
                    .as(phase.name())
                    .isEqualTo(spent.time().toMillis() / 1_000.0));
    assertThat(seconds(samples, Phase.VERIFICATION)).as("there was none").isZero();
    assertThat(
            Double.parseDouble(
                samples.get("caravan_month_cost{cluster=\"main\",currency=\"RUB\"}")))
        .isEqualTo(cost.total().orElseThrow().doubleValue());
  }

  private static double seconds(Map<String, String> samples, Phase phase) {
    return Double.parseDouble(
        samples.get("caravan_month_seconds{cluster=\"main\",phase=\"" + phase + "\"}"));
  }

  @Test
  void errorsOfTheApiAreCounted() throws Exception {
    assertThat(scrape()).containsEntry("caravan_api_responses_total{class=\"4xx\"}", "0");
    HttpRequest unknown =
        HttpRequest.newBuilder(application.address().resolve("/api/v1/runs/none/2026-01-01/1"))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(unknown, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(404);
    assertThat(scrape()).containsEntry("caravan_api_responses_total{class=\"4xx\"}", "1");
  }

  /** The cloud of this installation is not there. */
  @Test
  void errorsOfTheCloudAreCounted() throws Exception {
    assertThat(scrape())
        .containsEntry("caravan_cloud_errors_total{call=\"stop\",code=\"UNAVAILABLE\"}", "0");
    TestInstallation lost =
        installation("lost")
            .set("caravan.yandex.call-timeout", "1s")
            .set("caravan.yandex.dataproc", "127.0.0.1:9")
            .set("caravan.yandex.iam", "127.0.0.1:9")
            .set("caravan.reconcile.every", "100ms");
    try (CaravanApplication other = CaravanApplication.startServer(lost.read(), CLOCK)) {
      other.serve();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> COUNTED.matcher(send(other, "GET", "/metrics").body()).find());
    }
  }

  /** A browser sends the name that its page came from, to which an attacker lets it point. */
  @Test
  void loopbackAnswersToItsOwnNamesAlone() throws Exception {
    for (String path : List.of("/metrics", "/health/live", "/health/ready")) {
      assertThat(statusFor(path, "localhost:" + application.managementPort()))
          .doesNotStartWith("HTTP/1.1 403");
      assertThat(statusFor(path, "[::1]")).doesNotStartWith("HTTP/1.1 403");
      assertThat(statusFor(path, "attacker.example")).startsWith("HTTP/1.1 403");
      assertThat(statusFor(path, "127.0.0.1.attacker.example:9180")).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void elsewhereAnyNameMayBeTheServers() throws Exception {
    try (CaravanApplication open =
        CaravanApplication.startServer(
            installation("open").set("caravan.management.host", "0.0.0.0").read(), CLOCK)) {
      assertThat(statusFor(open, "/health/live", "caravan.example")).startsWith("HTTP/1.1 200");
    }
  }

  private static String statusFor(String path, String host) throws IOException {
    return statusFor(application, path, host);
  }

  /** The JDK's client sends no Host of another's choice. */
  private static String statusFor(CaravanApplication to, String path, String host)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.managementPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void healthIsThatOfRoutesAndJournal() throws Exception {
    try (CaravanApplication other =
        CaravanApplication.startServer(installation("healthy").read(), CLOCK)) {
      assertThat(send(other, "GET", "/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
      HttpResponse<String> starting = send(other, "GET", "/health/ready");
      assertThat(starting.statusCode()).as("nothing is scheduled yet").isEqualTo(503);
      other.serve();
      assertThat(send(other, "GET", "/health/ready").statusCode()).isEqualTo(200);
      other.camel().getRouteController().stopRoute("schedule");
      assertThat(send(other, "GET", "/health/ready").statusCode()).isEqualTo(503);
      assertThat(send(other, "GET", "/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/health").statusCode()).isEqualTo(404);
    assertThat(send(application, "POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(send(application, "HEAD", "/metrics").body()).isEmpty();
  }

  @Test
  void portThatIsTakenStopsTheStartWithItsName() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      TestInstallation other =
          installation("taken")
              .set("caravan.management.host", "0.0.0.0")
              .set("caravan.management.port", String.valueOf(taken.getLocalPort()));
      assertThatThrownBy(() -> CaravanApplication.startServer(other.read(), CLOCK).close())
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("caravan.management.port");
    }
  }

  // --- What is shipped ---

  private static String promtool(String input, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "promtool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void promtoolAcceptsTheScrape() throws Exception {
    promtool(get("/metrics").body(), "check", "metrics");
  }

  @Test
  void promtoolAcceptsTheAlertRules() throws Exception {
    assertThat(promtool("", "check", "rules", DEPLOY.resolve("alert-rules.yaml").toString()))
        .contains("SUCCESS");
  }

  private static Set<String> namesInTheScrape() throws Exception {
    return Pattern.compile("(?m)^(caravan_\\w+)[{ ]")
        .matcher(get("/metrics").body())
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void rulesAndDashboardNameWhatIsThereAndTheDashboardAllOfIt() throws Exception {
    Set<String> there = namesInTheScrape();
    JsonNode dashboard =
        new ObjectMapper().readTree(DEPLOY.resolve("grafana-dashboard.json").toFile());
    StringBuilder shown = new StringBuilder();
    dashboard.findValuesAsText("expr").forEach(expr -> shown.append(expr).append('\n'));

    assertThat(dashboard.get("panels")).isNotEmpty();
    assertThat(there).containsAll(names(read("alert-rules.yaml")));
    assertThat(names(shown.toString())).isEqualTo(there);
    Set<String> described = names(Files.readString(Path.of("..", "docs", "monitoring.md")));
    assertThat(described).containsAll(there);
  }

  /** Each expression of the dashboard is one that Prometheus can read. */
  @Test
  void promtoolReadsTheDashboardsExpressions() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(DEPLOY.resolve("grafana-dashboard.json").toFile());
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    int number = 0;
    for (String expr : dashboard.findValuesAsText("expr")) {
      rules.append("  - record: panel:%d\n    expr: %s\n".formatted(number++, quoted(expr)));
    }
    Path file = Files.writeString(directory.resolve("rules.yaml"), rules.toString());
    assertThat(promtool("", "check", "rules", file.toString())).contains("SUCCESS");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String read(String name) throws IOException {
    return Files.readString(DEPLOY.resolve(name));
  }
}
