package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The releases that {@code ./caravan package} makes, and what an installed one can do. */
class ReleaseIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Path release;
  private static Path endpoint;

  /** What a process has said, both streams in one, and its exit code. */
  private record Ended(int code, String said) {}

  private static Ended run(Path where, String... words) throws Exception {
    Path said = Files.createTempFile(directory, "said", null);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    // As within a build: what is built is taken as it is.
    builder.environment().put("CARAVAN_BUILD_MARK", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as(String.join(" ", words)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
  }

  private static String expect(int code, Path where, String... words) throws Exception {
    Ended ended = run(where, words);
    assertThat(ended.code()).as(ended.said()).isEqualTo(code);
    return ended.said();
  }

  private static Path pack(String name) throws Exception {
    Path to = directory.resolve(name);
    expect(0, ROOT, "./caravan", "package", "--to", to.toString());
    return to;
  }

  private static List<Path> files(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(Path::getFileName).sorted().toList();
    }
  }

  private static Path unpacked(Path archive) throws Exception {
    Path into = Files.createDirectories(directory.resolve("installed"));
    expect(0, into, "tar", "-xzf", archive.toString());
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    return into.resolve(name);
  }

  @BeforeAll
  static void packTwice() throws Exception {
    assumeFalse(
        System.getProperty("caravan.maven").equals("offline: true"),
        "Maven makes the list of libraries online alone");
    Path first = pack("first");
    Path second = pack("second");
    List<Path> names = files(first);
    assertThat(names).hasSize(4).isEqualTo(files(second));
    for (Path name : names) {
      assertThat(Files.mismatch(first.resolve(name), second.resolve(name)))
          .as("%s of two packagings", name)
          .isEqualTo(-1);
    }
    List<Path> archives = new ArrayList<>();
    for (Path name : names) {
      if (name.toString().endsWith(".sha256")) {
        assertThat(expect(0, first, "sha256sum", "-c", name.toString())).contains(": OK");
      } else {
        archives.add(first.resolve(name));
      }
    }
    // caravan-0.1.tar.gz sorts before caravan-endpoint-0.1.tar.gz.
    release = unpacked(archives.get(0));
    endpoint = unpacked(archives.get(1));
  }

  private static JsonNode bill(Path of) throws IOException {
    JsonNode bill = JSON.readTree(of.resolve("bom.json").toFile());
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    return bill;
  }

  private static List<String> libraries(Path of) throws IOException {
    return bill(of).path("components").findValuesAsText("name");
  }

  @Test
  void releasesHoldAllThatIsNeededAndTheirLicences() throws Exception {
    for (String file :
        List.of(
            "bin/caravan",
            "lib/caravan.jar",
            "conf/application.properties",
            "pipelines/datamarts.yaml",
            "routes/session.camel.yaml",
            "jobs/caravan-spark-jobs.jar",
            "deploy/alert-rules.yaml",
            "docs/operations.md",
            "README.md",
            "CHANGELOG.md",
            "VERSION")) {
      assertThat(release.resolve(file)).isNotEmptyFile();
    }
    assertThat(files(release.resolve("deploy")))
        .extracting(Path::toString)
        .doesNotContain("src", "target", "pom.xml");
    for (String file :
        List.of(
            "caravan-endpoint",
            "caravan-cluster-endpoint.jar",
            "setup/caravan-endpoint-setup",
            "setup/caravan-endpoint.service",
            "VERSION")) {
      assertThat(endpoint.resolve(file)).isNotEmptyFile();
    }
    for (Path each : List.of(release, endpoint)) {
      assertThat(each.resolve("LICENSE")).content().contains("Apache License");
      assertThat(each.resolve("NOTICE")).content().startsWith("Caravan\n");
      assertThat(libraries(each)).contains("camel-main", "java-genproto").doesNotContain("junit");
      assertThat(bill(each).path("components"))
          .as("each library has a licence")
          .allMatch(
              library ->
                  library.path("group").asText().equals("dev.caravan")
                      || !library.path("licenses").isEmpty());
    }
    assertThat(release.resolve("NOTICE"))
        .content()
        .as("the notices of the libraries that are in its one jar")
        .contains("Apache Camel", "Jackson");
  }

  @Test
  void installedReleaseRunsFromAnywhereAndBuildsNothing() throws Exception {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    String caravan = release.resolve("bin/caravan").toString();
    assertThat(expect(0, elsewhere, caravan, "version").strip())
        .isEqualTo("caravan " + Files.readString(release.resolve("VERSION")).strip());
    for (String command : List.of("demo", "build", "package", "test")) {
      assertThat(expect(2, elsewhere, caravan, command)).contains("this is an installed release");
    }
    assertThat(expect(2, elsewhere, caravan, "check", "--offline"))
        .as("its own settings file, which lacks the cluster")
        .contains("caravan.cluster.main.id");

    expect(0, elsewhere, caravan, "archive");
    assertThat(release.resolve("lib/caravan.jsa")).isNotEmptyFile();
    Path key = Files.writeString(elsewhere.resolve("s3"), "access-key-id=a\nsecret-access-key=b\n");
    List<String> settings =
        List.of(
            "--set",
            "caravan.cluster.main.id=c9q",
            "--set",
            "caravan.cluster.main.endpoint.credentials-file=",
            "--set",
            "caravan.yandex.credentials=metadata",
            "--set",
            "caravan.s3.credentials-file=" + key,
            "--set",
            "caravan.journal.url=jdbc:h2:file:" + elsewhere.resolve("journal"),
            "--set",
            "caravan.journal.backups=" + elsewhere.resolve("backups"));
    assertThat(say(elsewhere, caravan, settings, "pipelines", "-o", "csv")).contains("datamarts");
    String backup = say(elsewhere, caravan, settings, "journal", "backup").strip();
    String file = backup.substring(backup.lastIndexOf('\n') + 1);
    assertThat(expect(0, elsewhere, caravan, "journal", "verify", file)).contains("is whole");
    assertThat(release.resolve("conf/data")).as("nothing is written there").doesNotExist();
  }

  private static String say(Path where, String caravan, List<String> settings, String... words)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(caravan));
    all.addAll(List.of(words));
    all.addAll(settings);
    return expect(0, where, all.toArray(String[]::new));
  }
}
