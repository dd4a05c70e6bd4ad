package dev.caravan.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.cloud.process.ForeignUser;
import dev.caravan.cloud.process.FreePort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged endpoint as a process of its own, as a user starts it. */
class LauncherIT {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final Path LAUNCHER = Path.of("target/caravan-endpoint").toAbsolutePath();

  @TempDir Path directory;
  private FakeSubmit submit;
  private Process process;

  @BeforeEach
  void prepare() throws Exception {
    submit = new FakeSubmit(directory);
  }

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void submitsAndKillsAndStopsOnTerm() throws Exception {
    Client client = start(Map.of());

    String good = client.submit("print hello");
    String long_ = client.submit("stay");
    client.awaitState(good, "success");
    client.awaitState(long_, "running");
    assertThat(client.log(good)).contains("hello");
    assertThat(client.delete("/batches/" + long_).message()).isEqualTo("deleted");
    assertThat(client.get("/batches/" + long_).status()).isEqualTo(404);

    process.destroy();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(readyFile()).doesNotExist();
  }

  @Test
  void aReadyFileThatCannotBeWrittenStopsNothing() throws Exception {
    Files.createFile(Files.createDirectories(readyFile()).resolve("in-the-way"));
    Map<String, String> settings = TestEndpoint.settings(directory, submit);
    int port = FreePort.find();
    settings.put("endpoint.port", Integer.toString(port));
    launch(List.of(LAUNCHER.toString()), settings, "C.UTF-8");

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(new Client(port).get("/health").status()).isEqualTo(200));
    process.destroy();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("endpoint.log")).content().contains("endpoint.ready-file");
  }

  @Test
  void servesAsAUserWithoutAName() throws Exception {
    assumeThat(ForeignUser.canRead(LAUNCHER)).as("this is root").isTrue();
    ForeignUser.own(directory);
    launch(
        ForeignUser.command(List.of(LAUNCHER.toString())),
        TestEndpoint.settings(directory, submit),
        "C.UTF-8");
    Client client = started();

    String id = client.submit("print served", "summary {\\\"rows\\\":1}");
    client.awaitState(id, "success");
    assertThat(client.log(id)).contains("served");
    assertThat(client.get("/batches/" + id).json().path("summary").path("rows").asInt())
        .isEqualTo(1);
    assertThat(Files.getAttribute(directory.resolve("data/batches"), "unix:uid"))
        .isEqualTo(Files.getAttribute(directory, "unix:uid"));
    assertThat(Files.readString(directory.resolve("endpoint.log"))).doesNotContain("Exception");
  }

  @Test
  void endsAtOnceWhenToldToStopWhileItBoots() throws Exception {
    launch(Map.of(), "C.UTF-8");
    // Claimed before anything is served.
    Path claimed = directory.resolve("data/lock");
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(claimed));

    process.destroy();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  @Test
  void killedWithBatchesRunningItsSuccessorLosesNoneAndStartsNoneTwice() throws Exception {
    Client client = start(Map.of("endpoint.on-stop", "leave"));
    Path go = directory.resolve("go");
    String[] steps = {"print before", "await " + go, "print after", "exit 3"};
    Reply first = client.post(Client.body(steps), "Idempotency-Key", "run/job/2026-11-01/1");
    String second = client.submit("stay");
    String waiting = client.submit("exit 0");
    client.awaitState(first.id(), "running");
    client.awaitState(second, "running");

    assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
    client = start(Map.of("endpoint.on-stop", "kill"));

    assertThat(client.state(first.id())).isEqualTo("running");
    assertThat(client.state(second)).isEqualTo("running");
    assertThat(client.state(waiting)).isEqualTo("starting");
    assertThat(
            client
                .post(Client.body(steps), "Idempotency-Key", "run/job/2026-11-01/1")
                .header("Idempotent-Replay"))
        .isEqualTo("true");
    Files.createFile(go);
    client.awaitState(first.id(), "dead");
    client.awaitState(waiting, "success");
    assertThat(client.get("/batches/" + first.id()).json().path("exitCode").asInt()).isEqualTo(3);
    assertThat(client.log(first.id())).contains("before", "after");
    assertThat(client.delete("/batches/" + second).message()).isEqualTo("deleted");
    assertThat(submit.starts()).hasSize(3);
    assertThat(client.submit("exit 0")).isEqualTo("4");
  }

  @Test
  void startsWithoutAnArchiveAndWithAStaleOneAndSaysNothingOfIt() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    for (String file : List.of("caravan-endpoint", "caravan-cluster-endpoint.jar")) {
      Files.copy(Path.of("target", file), home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectory(home.resolve("lib"));
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      for (Path jar : jars.toList()) {
        Files.copy(
            jar,
            home.resolve("lib").resolve(jar.getFileName()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    List<String> said = new ArrayList<>();
    said.add(said(2, home.resolve("caravan-endpoint"), "--endpoint.allowed-files=/x"));
    Files.writeString(home.resolve("caravan-cluster-endpoint.jsa"), "not an archive");
    said.add(said(2, home.resolve("caravan-endpoint"), "--endpoint.allowed-files=/x"));

    assertThat(said)
        .containsOnly(
            "caravan-cluster-endpoint: The setting endpoint.data-dir is required and was not given. (--help lists all settings)");
  }

  @Test
  void theBuildMadeAnArchiveThatIsUsed() throws Exception {
    Path archive = Path.of("target/caravan-cluster-endpoint.jsa").toAbsolutePath();
    start(Map.of());

    assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/maps")))
        .contains(archive.toString());
  }

  @Test
  void killedWhileItShipsItsSuccessorCompletesTheLog() throws Exception {
    try (FakeS3 s3 = new FakeS3()) {
      Map<String, String> settings = new TreeMap<>(Map.of("endpoint.on-stop", "leave"));
      String[] shipping = s3.settings(directory);
      for (int i = 0; i < shipping.length; i += 2) {
        settings.put(shipping[i], shipping[i + 1]);
      }
      Client client = start(settings);
      Path go = directory.resolve("go");
      String id = client.submit("line 5000000", "await " + go, "print end");
      String address = client.get("/batches/" + id).json().path("logAddress").asText();
      String firstChunk = FakeS3.path(address) + "stdout/000000000000";
      await().atMost(Duration.ofSeconds(20)).until(() -> s3.puts().contains(firstChunk));

      s3.hang();
      process.destroyForcibly().waitFor();
      s3.release();
      Files.createFile(go);
      client = start(settings);

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> s3.manifest(address).path("complete").asBoolean());
      assertThat(s3.stream(address, "stdout")).hasSize(5_000_000 + "end\n".length());
      assertThat(client.get("/batches/" + id).json().path("logAddress").asText())
          .isEqualTo(address);
    }
  }

  @Test
  void badSettingsEndTheProcessWithOneSentence() throws Exception {
    assertThat(
            said(
                2,
                LAUNCHER,
                "--endpoint.prot=1",
                "--endpoint.data-dir=/x",
                "--endpoint.allowed-files=/x"))
        .isEqualTo(
            "caravan-cluster-endpoint: The setting endpoint.prot is unknown; the nearest known one is endpoint.port. (--help lists all settings)");
    assertThat(said(2, LAUNCHER)).contains("is required and was not given", "--help");
    assertThat(said(0, LAUNCHER, "--help"))
        .contains("usage:", "endpoint.data-dir", "endpoint.spark-submit");
  }

  private String said(int exitCode, Path launcher, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    return said(exitCode, "C.UTF-8", command);
  }

  /** What the process says before it ends with that code. */
  private String said(int exitCode, String locale, List<String> command) throws Exception {
    Path said = directory.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("CARAVAN_JAVA", JAVA);
    builder.environment().put("LC_ALL", locale);
    Process saying = builder.start();
    assertThat(saying.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(saying.exitValue()).isEqualTo(exitCode);
    return Files.readString(said).strip();
  }

  @Test
  void tenThousandIdleConnectionsKeepNobodyOutAndAreCut() throws Exception {
    Client client = start(Map.of("endpoint.request-timeout", "3s"));
    List<SocketChannel> idle = new ArrayList<>();
    try {
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", client.port());
      for (int i = 0; i < 10_000; i++) {
        SocketChannel channel = SocketChannel.open(address);
        idle.add(channel);
        if (i % 2 == 0) {
          channel.write(ByteBuffer.wrap("POST /batches HTTP/1.1\r\nHo".getBytes(UTF_8)));
        }
      }

      String id = client.submit("print served");
      client.awaitState(id, "success");
      assertThat(client.log(id)).contains("served");
      // The endpoint closes each of them; what has come by then is the end of the stream.
      for (SocketChannel channel : idle) {
        channel.socket().setSoTimeout(20_000);
        assertThat(channel.socket().getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
    assertThat(client.get("/health").status()).isEqualTo(200);
    assertThat(Files.readString(directory.resolve("endpoint.log")))
        .doesNotContain("Exception", "ERROR");
  }

  /** The launcher would give it a locale that can say everything. */
  @Test
  void aBareLocaleRefusesWhatItCantSayInsteadOfChangingIt() throws Exception {
    Path jar = LAUNCHER.resolveSibling("caravan-cluster-endpoint.jar");
    List<String> java = List.of(JAVA, "-jar", jar.toString());
    launch(java, TestEndpoint.settings(directory, submit), "C");
    Client client = started();

    Reply refused = client.post(Client.body("print мир"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("LC_ALL=C.UTF-8");
    client.awaitState(client.submit("print plain"), "success");

    List<String> words = new ArrayList<>(java);
    words.add("--config=" + settingsFile(Map.of("endpoint.data-dir", directory + "/данные")));
    words.add("--endpoint.allowed-files=s3a://code/");
    assertThat(said(2, "C", words))
        .contains("can't be a file's name in the locale of this process")
        .contains("LC_ALL=C.UTF-8");
  }

  /** Settings of a file, since the command line of this test's own process may not say them. */
  private Path settingsFile(Map<String, String> settings) throws Exception {
    StringBuilder lines = new StringBuilder();
    settings.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    return Files.writeString(directory.resolve("settings"), lines);
  }

  @Test
  void aDataDirectoryOfAnyNameWorksInAnyLocaleAndAfterARestartInAnother() throws Exception {
    Map<String, String> settings = TestEndpoint.settings(directory, submit);
    settings.put("endpoint.data-dir", directory + "/данные é 日本/x");
    settings.put("endpoint.on-stop", "leave");
    List<String> words = List.of(LAUNCHER.toString(), "--config=" + settingsFile(settings));
    launch(words, Map.of(), "C.UTF-8");
    Client client = started();
    Path go = directory.resolve("go");
    String id = client.submit("print мир é", "await " + go, "summary {\\\"ж\\\":1}", "exit 3");
    client.awaitState(id, "running");
    String next = client.submit("exit 0");
    client.awaitState(next, "success"); // both were looked at several times meanwhile
    assertThat(client.state(id)).isEqualTo("running");

    for (String locale : List.of("POSIX", "C")) {
      process.destroyForcibly().waitFor();
      launch(words, Map.of(), locale);
      client = started();
      assertThat(client.state(id)).isEqualTo("running");
    }
    Files.createFile(go);
    client.awaitState(id, "dead");

    JsonNode batch = client.get("/batches/" + id).json();
    assertThat(batch.path("exitCode").asInt()).isEqualTo(3);
    assertThat(batch.path("summary").path("ж").asInt()).isEqualTo(1);
    assertThat(client.log(id)).contains("мир é");
    assertThat(submit.starts()).hasSize(2);
  }

  private Client start(Map<String, String> more) throws Exception {
    launch(more, "C.UTF-8");
    return started();
  }

  private Client started() {
    ReadySignal ready = ReadySignal.await(process, readyFile());
    assertThat(ready.pid()).isEqualTo(process.pid());
    return new Client(ready.port());
  }

  private Path readyFile() {
    return directory.resolve("ready.json");
  }

  private void launch(Map<String, String> more, String locale) throws Exception {
    Map<String, String> settings = TestEndpoint.settings(directory, submit);
    settings.putAll(more);
    launch(List.of(LAUNCHER.toString()), settings, locale);
  }

  private void launch(List<String> program, Map<String, String> settings, String locale)
      throws Exception {
    if (Files.isRegularFile(readyFile())) {
      Files.delete(readyFile()); // of one that was killed
    }
    Path log = directory.resolve("endpoint.log");
    List<String> words = new ArrayList<>(program);
    settings.forEach((key, value) -> words.add("--" + key + "=" + value));
    words.add("--endpoint.ready-file=" + readyFile());
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CARAVAN_JAVA", JAVA);
    builder.environment().put("LC_ALL", locale);
    process = builder.start();
  }
}
