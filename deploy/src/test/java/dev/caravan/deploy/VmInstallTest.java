package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code vm/caravan-install}, from what upload.sh has put into the bucket. */
@Tag("slow")
class VmInstallTest {
  private static final String TOKEN = "A-token_of~the.endpoint+/=";

  @TempDir Path directory;
  private FakeYandexCli cli;
  private EmulatedCloud cloud;
  private Path root;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void prepare() throws Exception {
    cli = FakeYandexCli.in(directory.resolve("cloud"));
    root = Files.createDirectory(directory.resolve("root"));
    upload("1.2.0");
    Path buckets = cli.state().resolve("s3");
    cloud = new EmulatedCloud(buckets);
    cloud.secret(
        "e6q-endpoint",
        "{\"entries\":[{\"key\":\"endpoint-token\",\"textValue\":\""
            + TOKEN
            + "\"}],\"versionId\":\"v\"}");
    // In any order, on several lines.
    cloud.secret(
        "e6q-s3",
        "{\"entries\": [\n {\"textValue\": \"the-secret\", \"key\": \"secret-access-key\"},\n {\"key\": \"access-key-id\", \"textValue\": \"the-key-id\"}]}");

    Path etc = Files.createDirectories(root.resolve("etc/caravan"));
    String conf =
        Files.readString(Path.of("vm/install.conf"))
            .replace("${release_bucket}", "my-releases")
            .replace("${data_bucket}", "my-lake")
            .replace("${cluster_id}", "c9q00000000000000000")
            .replace("${endpoint_port}", "9000")
            .replace("${endpoint_secret}", "e6q-endpoint")
            .replace("${s3_secret}", "e6q-s3");
    Files.writeString(
        etc.resolve("install.conf"),
        conf
            + "user=%s\nstorage=%s\nlockbox=%s\nmetadata=%s\n"
                .formatted(
                    System.getProperty("user.name"),
                    cloud.address(),
                    cloud.address(),
                    cloud.address()));

    Path bin = Files.createDirectory(directory.resolve("bin"));
    tool(bin, "systemctl", "echo \"systemctl $*\" >>\"$CALLED\"");
    // The real one, and what everybody on the machine could have read of it.
    tool(bin, "curl", "echo \"curl $*\" >>\"$CALLED\"\nexec /usr/bin/curl \"$@\"");
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
    environment.put("CALLED", directory.resolve("called").toString());
    environment.put("CARAVAN_INSTALL_ROOT", root.toString());
    environment.put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
  }

  @AfterEach
  void end() {
    cloud.close();
  }

  private void upload(String version) throws Exception {
    Path releases = directory.resolve("releases-" + version);
    PackedRelease.into(releases, version);
    ScriptRun.ok(
        directory,
        cli.environment(),
        List.of(
            Path.of("upload.sh").toAbsolutePath().toString(),
            releases.toString(),
            "s3://my-releases/caravan"));
  }

  private static void tool(Path bin, String name, String script) throws Exception {
    PackedRelease.executable(Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n"));
  }

  private ScriptRun install(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Path.of("vm/caravan-install").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    return ScriptRun.of(directory, environment, command);
  }

  private void installed(String... words) throws Exception {
    ScriptRun run = install(words);
    assertThat(run.exit()).as(run.said()).isZero();
  }

  /** What was called of that name since the last time. */
  private List<String> called(String program) throws Exception {
    Path called = directory.resolve("called");
    List<String> lines = Files.exists(called) ? Files.readAllLines(called) : List.of();
    Files.deleteIfExists(called);
    return lines.stream().filter(line -> line.startsWith(program)).toList();
  }

  private List<String> calls() throws Exception {
    return Files.readAllLines(directory.resolve("called"));
  }

  private String current() throws Exception {
    return Files.readSymbolicLink(root.resolve("opt/caravan/current")).toString();
  }

  private String etc(String file) throws Exception {
    return Files.readString(root.resolve("etc/caravan").resolve(file));
  }

  @Test
  void installsAReleaseWithItsSettingsSecretsAndUnits() throws Exception {
    installed();
    assertThat(current()).isEqualTo("caravan-1.2.0");
    assertThat(root.resolve("opt/caravan/current/bin/caravan")).isExecutable();
    try (Stream<Path> files = Files.list(root.resolve("opt/caravan"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("caravan-1.2.0", "current");
    }
    // Where it stays: it fits one path alone.
    assertThat(calls())
        .contains(root.resolve("opt/caravan/caravan-1.2.0/bin/caravan") + " archive");
    assertThat(etc("secrets/endpoint.properties")).isEqualTo("bearer=" + TOKEN + "\n");
    assertThat(etc("secrets/s3.properties"))
        .isEqualTo("access-key-id=the-key-id\nsecret-access-key=the-secret\n");
    assertThat(etc("application.properties"))
        .contains(
            "caravan.cluster.main.id=c9q00000000000000000\n",
            "caravan.cluster.main.endpoint.port=9000\n",
            // Where the initialization action leaves it.
            "caravan.cluster.main.endpoint.ca-file=s3://my-lake/caravan/endpoint/c9q00000000000000000.pem\n",
            "caravan.yandex.credentials=metadata\n");
    assertThat(etc("pipelines/datamarts.yaml"))
        .contains("  lake: my-lake\n", "\"s3a://my-releases/caravan/jars/caravan-spark-jobs.jar\"")
        .doesNotContain("lake: lake", "s3a://{lake}/jars");
    Path units = root.resolve("etc/systemd/system");
    for (String unit :
        List.of("caravan.service", "caravan-backup.service", "caravan-backup.timer")) {
      assertThat(units.resolve(unit)).hasSameTextualContentAs(Path.of("vm", unit));
    }
    assertThat(units.resolve("caravan.service.d/yandex.conf")).exists();
    assertThat(root.resolve("usr/local/sbin/caravan-install")).isExecutable();
    assertThat(called("systemctl"))
        .containsExactly(
            "systemctl daemon-reload",
            "systemctl enable caravan.service caravan-backup.timer",
            "systemctl restart caravan.service",
            "systemctl start caravan-backup.timer");
    assertThat(directory.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void secretsAreForCaravanAloneAndInNoCommandLine() throws Exception {
    installed();
    try (Stream<Path> files = Files.list(root.resolve("etc/caravan/secrets"))) {
      assertThat(files.toList())
          .hasSize(2)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("etc/caravan/secrets"))))
        .isEqualTo("rwx------");
    assertThat(called("curl"))
        .hasSizeGreaterThan(5)
        .noneMatch(
            line ->
                line.contains(EmulatedCloud.TOKEN)
                    || line.contains(TOKEN)
                    || line.contains("the-secret"));
  }

  @Test
  void aSecondCallChangesNothingAndLeavesTheOperatorsFiles() throws Exception {
    installed();
    called("");
    cloud.requests();
    Path settings = root.resolve("etc/caravan/application.properties");
    Files.writeString(settings, "# mine\n");
    Files.move(
        root.resolve("etc/caravan/pipelines/datamarts.yaml"),
        root.resolve("etc/caravan/pipelines/mine.yaml"));

    installed();
    assertThat(called("systemctl"))
        .containsExactly("systemctl start caravan.service", "systemctl start caravan-backup.timer");
    assertThat(cloud.requests()).noneMatch(path -> path.endsWith(".tar.gz"));
    assertThat(settings).hasContent("# mine");
    assertThat(root.resolve("etc/caravan/pipelines/datamarts.yaml")).doesNotExist();
  }

  @Test
  void anUpgradeRestartsAndAnEarlierVersionIsThere() throws Exception {
    installed();
    upload("1.3.0");
    called("");
    installed();
    assertThat(current()).isEqualTo("caravan-1.3.0");
    assertThat(called("systemctl")).contains("systemctl restart caravan.service");

    cloud.requests();
    installed("install", "1.2.0");
    assertThat(current()).isEqualTo("caravan-1.2.0");
    assertThat(called("systemctl")).contains("systemctl restart caravan.service");
    assertThat(cloud.requests()).noneMatch(path -> path.endsWith(".tar.gz"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server/caravan-1.3.0.tar.gz | x | caravan-1.3.0.tar.gz is not what its checksum says",
        "server/caravan-1.3.0.tar.gz.sha256 | | caravan-1.3.0.tar.gz.sha256 can't be fetched",
        "server/version | ../../etc | '../../etc' is no version of Caravan",
        "server/version | | server/version can't be fetched: has upload.sh been called?"
      })
  void aBrokenReleaseLeavesTheFormerOne(String object, String content, String sentence)
      throws Exception {
    installed();
    upload("1.3.0");
    Path broken = cli.state().resolve("s3/my-releases/caravan").resolve(object);
    if (content == null) {
      Files.delete(broken);
    } else {
      Files.writeString(broken, content);
    }
    called("");
    ScriptRun run = install();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("caravan-install: ", sentence);
    assertThat(current()).isEqualTo("caravan-1.2.0");
    assertThat(root.resolve("opt/caravan/caravan-1.3.0")).doesNotExist();
    assertThat(called("systemctl")).isEmpty();
    assertThat(directory.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aStartDoesWithTheSecretsOfTheLastTimeAndTakesNewOnes() throws Exception {
    installed();
    cloud.away(true);
    ScriptRun run = install("secrets");
    assertThat(run.exit()).as(run.said()).isZero();
    assertThat(run.err()).contains("going on with those of the last time");
    assertThat(etc("secrets/endpoint.properties")).isEqualTo("bearer=" + TOKEN + "\n");

    cloud.away(false);
    cloud.secret(
        "e6q-endpoint", "{\"entries\":[{\"key\":\"endpoint-token\",\"textValue\":\"another\"}]}");
    installed("secrets");
    assertThat(etc("secrets/endpoint.properties")).isEqualTo("bearer=another\n");
  }

  @Test
  void withoutASecretItSaysWhich() throws Exception {
    cloud.secret(
        "e6q-s3", "{\"entries\":[{\"key\":\"access-key-id\",\"textValue\":\"the-key-id\"}]}");
    ScriptRun run = install();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("secret e6q-s3 has no entry secret-access-key", "call caravan-install again");
    assertThat(called("systemctl")).isEmpty();
    assertThat(install("secrets").err()).contains("secrets/s3.properties, which was never fetched");
  }

  @Test
  void aConfThatIsNoneIsRefused() throws Exception {
    Path conf = root.resolve("etc/caravan/install.conf");
    String whole = Files.readString(conf);
    Files.writeString(conf, whole.replace("cluster-id=c9q00000000000000000", "cluster-id=$(id)"));
    assertThat(install().err()).contains("cluster-id may only have letters, digits", "'$(id)'");
    Files.writeString(conf, whole.replaceAll("(?m)^releases=.*\n", ""));
    assertThat(install().err()).contains("install.conf lacks releases=");
    assertThat(install("instal").err())
        .contains("unknown command 'instal': it is install or secrets");
    Files.delete(conf);
    assertThat(install().exit()).isEqualTo(1);
  }
}
