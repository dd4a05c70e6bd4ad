package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code container/} promises. No engine is needed. */
class ContainerTest {
  private static JsonNode compose;
  private static List<String> image;

  @BeforeAll
  static void read() throws Exception {
    compose =
        YAMLMapper.builder()
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readTree(Path.of("container/compose.yaml").toFile());
    // One instruction a line, without comments.
    image =
        Files.readString(Path.of("container/Containerfile"))
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"caravan", "journal"})
  void noServiceIsRootOrWritesItsImageOrGainsRights(String name) {
    JsonNode service = compose.at("/services/" + name);
    assertThat(service.path("user").asText()).matches("[1-9]\\d*:[1-9]\\d*");
    assertThat(service.path("read_only").asBoolean()).isTrue();
    assertThat(service.path("cap_drop")).hasToString("[\"ALL\"]");
    assertThat(service.path("security_opt")).hasToString("[\"no-new-privileges:true\"]");
    assertThat(service.has("privileged")).isFalse();
    assertThat(service.has("ports")).isFalse();
    assertThat(service.path("restart").asText()).isEqualTo("unless-stopped");
    for (String limit : List.of("pids_limit", "mem_limit")) {
      assertThat(service.has(limit)).as(limit).isTrue();
    }
    assertThat(service.at("/logging/options/max-size").asText()).isNotEmpty();
    assertThat(service.at("/healthcheck/test/0").asText()).isEqualTo("CMD");
    for (String bound : List.of("interval", "timeout", "start_period", "retries")) {
      assertThat(service.path("healthcheck").has(bound)).as(bound).isTrue();
    }
    // Beyond 25 s of Camel, and what is closed after it.
    assertThat(service.path("stop_grace_period").asText()).isEqualTo("60s");
  }

  @Test
  void imagesArePinned() {
    assertThat(compose.at("/services/journal/image").asText()).matches(".*/postgres:\\d+\\.\\d+");
    assertThat(compose.at("/services/caravan/image").asText())
        .startsWith("caravan:${CARAVAN_VERSION:?");
    assertThat(image.get(0)).matches("FROM docker\\.io/library/debian:\\d+-slim");
  }

  @Test
  void secretsAreFilesThatExactlyTheirUsersSee() throws Exception {
    Set<String> used = new TreeSet<>();
    for (JsonNode service : compose.path("services")) {
      service.path("secrets").forEach(secret -> used.add(secret.asText()));
    }
    Set<String> declared = new TreeSet<>();
    compose
        .path("secrets")
        .properties()
        .forEach(
            secret -> {
              declared.add(secret.getKey());
              assertThat(secret.getValue().path("file").asText())
                  .isEqualTo("./secrets/" + secret.getKey());
            });
    assertThat(used).isEqualTo(declared);
    assertThat(compose.at("/services/caravan/secrets").toString())
        .doesNotContain("journal-password");
    assertThat(compose.at("/services/journal/secrets")).hasToString("[\"journal-password\"]");
    assertThat(compose.at("/services/caravan").has("environment")).isFalse();
    compose
        .at("/services/journal/environment")
        .properties()
        .forEach(
            variable -> {
              if (variable.getKey().contains("PASSWORD")) {
                assertThat(variable.getKey()).endsWith("_FILE");
              }
            });
    // The settings name the files under which Compose shows them.
    Set<String> named = new TreeSet<>();
    Pattern.compile("=/run/secrets/(\\S+)")
        .matcher(Files.readString(Path.of("container/application.properties.example")))
        .results()
        .forEach(match -> named.add(match.group(1)));
    Set<String> caravans = new TreeSet<>();
    compose.at("/services/caravan/secrets").forEach(secret -> caravans.add(secret.asText()));
    assertThat(named).isEqualTo(caravans);
  }

  @Test
  void whatIsWrittenHasItsVolumeAndCaravanWaitsForItsJournal() throws Exception {
    Set<String> volumes = new TreeSet<>();
    compose.path("volumes").fieldNames().forEachRemaining(volumes::add);
    assertThat(volumes).containsExactly("journal", "state");
    assertThat(compose.at("/services/caravan/volumes"))
        .hasToString("[\"./etc:/etc/caravan:ro\",\"state:/var/lib/caravan\"]");
    assertThat(compose.at("/services/caravan/depends_on/journal/condition").asText())
        .isEqualTo("service_healthy");
    assertThat(Files.readAllLines(Path.of("container/application.properties.example")))
        .contains(
            "caravan.server.file=/var/lib/caravan/server.json",
            "caravan.management.port=9180",
            "caravan.journal.url=jdbc:postgresql://journal/"
                + compose.at("/services/journal/environment/POSTGRES_DB").asText());
  }

  @Test
  void theImageIsNotRootChecksItselfAndKeepsNoPackageLists() {
    List<String> users = new ArrayList<>(image);
    users.removeIf(line -> !line.startsWith("USER "));
    assertThat(users).containsExactly("USER " + compose.at("/services/caravan/user").asText());
    assertThat(image.indexOf(users.get(0)))
        .isLessThan(index("ENTRYPOINT"))
        .isGreaterThan(index("ADD caravan-${VERSION}.tar.gz "));
    assertThat(image.get(index("RUN apt-get update")))
        .contains(
            "--no-install-recommends", "openjdk-17-jre-headless", "rm -rf /var/lib/apt/lists/*");
    assertThat(image.get(index("HEALTHCHECK"))).endsWith("http://127.0.0.1:9180/health/ready\"]");
    // A list of words: a shell as the first process would keep SIGTERM from Caravan.
    assertThat(image.get(index("ENTRYPOINT"))).startsWith("ENTRYPOINT [");
    assertThat(image.get(index("CMD"))).startsWith("CMD [");
    assertThat(image)
        .noneMatch(
            line ->
                line.startsWith("ADD http")
                    || line.contains("curl -k")
                    || line.startsWith("ENV SECRET"));
  }

  private static int index(String begin) {
    for (int i = 0; i < image.size(); i++) {
      if (image.get(i).startsWith(begin)) {
        return i;
      }
    }
    throw new AssertionError("there is no instruction " + begin);
  }
}
