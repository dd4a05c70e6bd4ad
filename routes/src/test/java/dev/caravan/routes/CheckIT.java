package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.core.sync.RequestBody;

/** {@code caravan check} of a whole installation, good and with one thing broken at a time. */
class CheckIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);
  private static final String KEY = "mart/date=2026-01-02/part-0";

  @TempDir Path directory;
  private LocalWorld world;

  private record Said(int exitCode, List<String> findings) {
    /** The findings of the group. */
    List<String> of(String group) {
      return findings.stream().filter(each -> each.startsWith(group + " ")).toList();
    }
  }

  private Said check() throws IOException {
    StringWriter out = new StringWriter();
    CommandLine line = Caravan.commandLine("check").setOut(new PrintWriter(out, true));
    int exitCode = line.execute("check", "-o", "json", "--config", world.settingsFile().toString());
    return new Said(
        exitCode,
        StreamSupport.stream(new ObjectMapper().readTree(out.toString()).spliterator(), false)
            .map(CheckIT::words)
            .toList());
  }

  private static String words(JsonNode finding) {
    return "%s %s: %s %s [%s]"
        .formatted(
            finding.path("group").asText(),
            finding.path("subject").asText(),
            finding.path("result").asText(),
            finding.path("message").asText(),
            finding.path("key").asText(""));
  }

  /** Checks with this setting in place of the good one. */
  private Said checkWith(String key, String bad, String good) throws IOException {
    world.set(key, bad);
    try {
      return check();
    } finally {
      world.set(key, good);
    }
  }

  @Test
  void goodInstallationIsGoodAndEachBrokenThingIsSaid() throws Exception {
    Path storage = Path.of("..", "local-cloud", "s3", "target", "s3");
    try (S3Server s3 = S3Server.start(storage, directory.resolve("s3"));
        LocalWorld created = LocalWorld.create(directory, s3)) {
      world = created;
      s3.createBucket("lake");
      String lake = s3.access().endpoint() + "/lake/";
      Path rows = Files.writeString(directory.resolve("rows"), "1");
      world
          .job("mart", "put " + rows + " " + lake + "mart/date={date}/part-0")
          .output("mart", "s3://lake/mart/date={date}/", 0)
          .schedule("cron", "0 0 1 1 *")
          // The first call of a process takes longest.
          .set("caravan.yandex.call-timeout", "15s");

      Files.delete(directory.resolve("journal.mv.db"));
      Said empty = check();
      assertThat(empty.exitCode()).as("%s", empty.findings()).isZero();
      assertThat(empty.of("JOURNAL")).singleElement().asString().contains("OK There is none yet");
      assertThat(empty.of("OUTPUTS")).singleElement().asString().contains("SKIPPED");
      assertThat(directory.resolve("journal.mv.db")).doesNotExist();
      assertThat(world.starts()).isZero();

      try (CaravanApplication application =
          CaravanApplication.start(world.settings(), Clock.systemUTC())) {
        application.run(LocalWorld.PIPELINE, DATE, false);
      }
      Said good = check();
      assertThat(good.exitCode()).as("%s", good.findings()).isZero();
      assertThat(good.findings())
          .contains(
              "CLOUD main: OK Cluster %s is STOPPED; whether the account may start and stop it shows at the first start. []"
                  .formatted(LocalWorld.CLUSTER),
              "ENDPOINT main: SKIPPED It is only there while the cluster runs, which is STOPPED. []",
              "S3 s3://lake/mart/: OK Our key may list and read it. []",
              "JOBS datamarts/mart: SKIPPED local:/jobs/jobs.jar can only be seen on the cluster. []",
              "OUTPUTS datamarts/mart: OK s3://lake/mart/date=2026-01-02/ keeps its contract: 1 object. []",
              "CLOCK S3: OK Our clock and its agree within 10 s. []")
          .anyMatch(each -> each.startsWith("S3 s3://lake/mart/: WARNING Our key may write there"));
      assertThat(good.of("JOURNAL")).singleElement().asString().contains("OK It can be read.");

      brokenCloud();
      brokenStorage(s3, lake);
      runningCluster();
    }
  }

  private void brokenCloud() throws Exception {
    new TestInstallation(directory.resolve("other"));
    Said stranger =
        checkWith(
            "caravan.yandex.key-file",
            directory.resolve("other/secrets/key.json").toString(),
            world.cloud.serviceAccountKey().toString());
    assertThat(stranger.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(stranger.of("CLOUD").get(0))
        .contains("credentials: FAULT The exchange of the credentials for a token was not sent: ")
        .endsWith("[caravan.yandex.credentials]");

    Said unknown = checkWith("caravan.cluster.main.id", "c9qnobody", LocalWorld.CLUSTER);
    assertThat(unknown.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(unknown.of("CLOUD"))
        .anyMatch(each -> each.contains("main: FAULT Look at cluster c9qnobody"))
        .anyMatch(each -> each.contains("[caravan.cluster.main.id]"));

    Said away = checkWith("caravan.yandex.dataproc", "127.0.0.1:9", world.cloud.address());
    assertThat(away.exitCode()).isEqualTo(ExitCodes.UNAVAILABLE);
    assertThat(away.of("CLOUD"))
        .anyMatch(
            each ->
                each.matches("CLOUD main: UNREACHABLE Look at .* \\[caravan\\.yandex\\.dataproc]"));
  }

  private void brokenStorage(S3Server s3, String lake) throws Exception {
    Said away =
        checkWith("caravan.s3.endpoint", "http://127.0.0.1:9", world.s3.endpoint().toString());
    assertThat(away.exitCode()).isEqualTo(ExitCodes.UNAVAILABLE);
    assertThat(away.of("S3")).singleElement().asString().contains("UNREACHABLE S3 gave no answer");
    assertThat(away.of("OUTPUTS")).singleElement().asString().contains("UNREACHABLE");

    world.jobKey("mart", "jars", List.of("s3a://lake/lib.jar"));
    Said missing = check();
    assertThat(missing.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(missing.of("JOBS"))
        .contains(
            "JOBS datamarts/mart: FAULT s3a://lake/lib.jar doesn't exist: upload it, or correct the path. [pipelines/datamarts.yaml, jobs.mart.jars]");
    s3.client().putObject(call -> call.bucket("lake").key("lib.jar"), RequestBody.fromString("1"));
    assertThat(check().of("JOBS"))
        .contains("JOBS datamarts/mart: OK s3a://lake/lib.jar is there. []");

    world.jobKey("mart", "jars", List.of("s3a://lake"));
    Said noObject = check();
    assertThat(noObject.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(noObject.of("JOBS"))
        .anyMatch(each -> each.contains("FAULT") && each.endsWith("jobs.mart.jars]"));
    world.jobKey("mart", "jars", List.of());

    world.output("mart", "s3://swamp/mart/date={date}/", 0);
    Said swamp = check();
    assertThat(swamp.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(swamp.of("S3")).singleElement().asString().contains("FAULT The bucket swamp");
    world.output("mart", "s3://lake/mart/date={date}/", 0);

    s3.client().deleteObject(call -> call.bucket("lake").key(KEY));
    Said gone = check();
    assertThat(gone.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(gone.of("OUTPUTS"))
        .singleElement()
        .asString()
        .contains("FAULT The output at s3://lake/mart/date=2026-01-02/ breaks its contract")
        .endsWith("[pipelines/datamarts.yaml, jobs.mart.outputs]");
    s3.client().putObject(call -> call.bucket("lake").key(KEY), RequestBody.fromString("1"));
    world.jobKey("mart", "jars", List.of());
  }

  /** The packaged command, beside a server whose cluster runs. */
  private void runningCluster() throws Exception {
    Path go = directory.resolve("go");
    world.args("mart", "await " + go);
    ChildProcess serving = world.start("serve");
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));
    ChildProcess run = world.start("run", "--detach", "--date", "2026-01-03");
    assertThat(run.exitCode(PATIENCE)).as(run.log()).contains(0);
    await().atMost(PATIENCE).until(() -> world.jobsStarted() == 2);

    jobsOnTheCluster();
    ChildProcess check = world.start("check");
    assertThat(check.exitCode(PATIENCE)).as(check.log()).contains(0);
    assertThat(check.log())
        .contains(
            "journal\n  ok           jdbc:h2:file:" + directory.resolve("journal"),
            "The server has it open, process " + serving.pid(),
            "main: Cluster " + LocalWorld.CLUSTER + " is RUNNING;",
            "main: http://127.0.0.1:" + world.cluster.uri().getPort() + " takes batches.",
            "main: Its version is ",
            "main: Its credentials may submit batches and renew the lease; a session holds its lease.",
            "endpoint of main: Our clock and its agree within 10 s.")
        .doesNotContain(" fault ", " unreachable ", "WARN ", "Exception");

    Path wrong = Files.writeString(directory.resolve("wrong.properties"), "bearer=wrong\n");
    Said stranger =
        checkWith(
            "caravan.cluster.main.endpoint.credentials-file",
            wrong.toString(),
            directory.resolve("endpoint-client.properties").toString());
    assertThat(stranger.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(stranger.of("ENDPOINT"))
        .singleElement()
        .asString()
        .contains("FAULT", "doesn't accept our credentials")
        .endsWith("[caravan.cluster.main.endpoint.credentials-file]");
    Files.createFile(go);
    assertThat(world.starts()).isEqualTo(2);
  }

  private void jobsOnTheCluster() throws Exception {
    Said missing = check();
    assertThat(missing.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(missing.of("JOBS"))
        .containsExactly(
            "JOBS datamarts/mart: OK The endpoint would take it. []",
            "JOBS datamarts/mart: FAULT local:/jobs/jobs.jar can't be read on the master: put it there, or correct the path. [pipelines/datamarts.yaml, jobs.mart.file]");

    world.jobKey("mart", "file", "local:/elsewhere/jobs.jar");
    Said refused = check();
    assertThat(refused.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.of("JOBS"))
        .singleElement()
        .asString()
        .contains("FAULT", "'local:/elsewhere/jobs.jar' is not under an allowed prefix")
        .endsWith("[pipelines/datamarts.yaml, jobs.mart]");

    Path jar = Files.createDirectories(directory.resolve("jobs")).resolve("jobs.jar");
    Files.createFile(jar);
    world.jobKey("mart", "file", "local:" + jar);
    assertThat(check().of("JOBS"))
        .containsExactly(
            "JOBS datamarts/mart: OK The endpoint would take it. []",
            "JOBS datamarts/mart: OK local:" + jar + " is on the master. []");
  }
}
