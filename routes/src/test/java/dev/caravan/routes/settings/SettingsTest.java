package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.batches.CertificatePlace;
import dev.caravan.processors.output.S3Location;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.YandexCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final Path SHIPPED = Path.of("..", "application.properties");
  private static final Path SHIPPED_PIPELINE = Path.of("..", "pipelines", "datamarts.yaml");

  private static final String MARTS = "{ cluster: main, jobs: { mart: { file: /jobs/mart.py } } }";

  @TempDir Path directory;

  private static NamedCluster main(Settings settings) {
    return settings.clusters().stream()
        .filter(cluster -> cluster.name().equals("main"))
        .findFirst()
        .orElseThrow();
  }

  @BeforeEach
  void writeSecrets() throws IOException {
    Files.createDirectory(directory.resolve("secrets"));
    Files.writeString(directory.resolve("secrets/service-account-key.json"), TestInstallation.KEY);
    Files.writeString(directory.resolve("secrets/endpoint.properties"), "bearer=token");
    Files.writeString(
        directory.resolve("secrets/s3.properties"), "access-key-id=a\nsecret-access-key=b\n");
    Files.createDirectory(directory.resolve("pipelines"));
    Files.writeString(directory.resolve("pipelines/marts.yaml"), MARTS);
  }

  /** The least that must be set. */
  private static Map<String, String> least() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("caravan.cluster.main.id", "c9q");
    settings.put("caravan.yandex.key-file", "secrets/service-account-key.json");
    settings.put("caravan.s3.credentials-file", "secrets/s3.properties");
    return settings;
  }

  private Settings read(Map<String, String> values) {
    try {
      Path file = directory.resolve("application.properties");
      Properties properties = new Properties();
      properties.putAll(values);
      try (var text = Files.newBufferedWriter(file)) {
        properties.store(text, null);
      }
      return Settings.read(file, Map.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Settings readWith(String key, String value) {
    Map<String, String> values = least();
    values.put(key, value);
    return read(values);
  }

  @Test
  void hasADefaultForAllButTheLeast() {
    Settings settings = read(least());
    assertThat(settings.pipelines().names()).containsExactly("marts");
    assertThat(settings.clusters()).extracting(NamedCluster::name).containsExactly("main");
    assertThat(settings.yandex().dataproc()).hasToString("dataproc.api.cloud.yandex.net:443");
    assertThat(settings.yandex().callTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(main(settings).config().poll()).isEqualTo(Duration.ofSeconds(15));
    assertThat(main(settings).config().startTimeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(main(settings).config().stopPolicy()).isEqualTo(StopPolicy.OURS);
    assertThat(main(settings).endpoint().scheme()).isEqualTo("https");
    assertThat(main(settings).endpoint().port()).isEqualTo(8998);
    assertThat(settings.s3().endpoint()).hasToString("https://storage.yandexcloud.net");
  }

  @Test
  void takesWhatIsSet() throws IOException {
    Map<String, String> values = least();
    values.put("caravan.pipelines.directory", "nightly");
    values.put("caravan.yandex.credentials", "metadata");
    values.put("caravan.cluster.main.stop-policy", "always");
    values.put("caravan.cluster.main.endpoint.scheme", "http");
    values.put("caravan.cluster.main.endpoint.host", "localhost");
    values.put("caravan.s3.path-style", "true");
    values.put("caravan.cluster.big.id", "c9b");
    values.put("caravan.cluster.big.endpoint.port", "9000");
    values.put("caravan.cluster.big.endpoint.credentials-file", "secrets/endpoint.properties");
    Files.createDirectory(directory.resolve("nightly"));
    Files.writeString(directory.resolve("nightly/a.yaml"), MARTS.replace("main", "big"));
    Settings settings = read(values);
    assertThat(settings.pipelines().require("a").cluster()).isEqualTo("big");
    assertThat(settings.yandex().credentials()).isInstanceOf(YandexCredentials.Metadata.class);
    assertThat(main(settings).config().stopPolicy()).isEqualTo(StopPolicy.ALWAYS);
    assertThat(main(settings).endpoint().host()).contains("localhost");
    assertThat(settings.s3().pathStyle()).isTrue();
    assertThat(settings.clusters())
        .extracting(cluster -> cluster.name() + " " + cluster.config().id())
        .containsExactly("big c9b", "main c9q");
    assertThat(settings.clusters().get(0).endpoint().port()).isEqualTo(9000);
    assertThat(settings.clusters().get(0).config().stopPolicy()).isEqualTo(StopPolicy.OURS);
    assertThat(settings.clusters().get(0).batches()).isNotEqualTo(main(settings).batches());
    assertThat(settings.clusterId("big")).isEqualTo("c9b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.yandex.dataproc | nowhere",
        "caravan.yandex.credentials | password",
        "caravan.yandex.key-file | secrets/absent.json",
        "caravan.cluster.main.poll | 1ms",
        "caravan.cluster.main.start-timeout | 4h",
        "caravan.cluster.main.stop-policy | never",
        "caravan.cluster.main.endpoint.scheme | ftp",
        "caravan.cluster.main.endpoint.port | 70000",
        "caravan.cluster.main.endpoint.host | https://master",
        "caravan.cluster.main.endpoint.host | master:8998",
        "caravan.cluster.main.endpoint.host | mas ter",
        "caravan.cluster.main.endpoint.host | my_master",
        "caravan.cluster.main.id | my cluster",
        "caravan.yandex.dataproc | https://dataproc.api:443",
        "caravan.yandex.iam | a b:443",
        "caravan.yandex.metadata | http://169.254.169.254/computeMetadata",
        "caravan.yandex.proxy | proxy:3128",
        "caravan.yandex.proxy | http://proxy",
        "caravan.s3.proxy | https://proxy:3128",
        "caravan.s3.endpoint | https://storage/bucket",
        "caravan.s3.endpoint | https://storage:70000",
        "caravan.s3.endpoint | https://storage?x",
        "caravan.s3.region | no where",
        "caravan.journal.url | jdbc:mysql://host/db",
        "caravan.journal.url | jdbc:h2:mem:journal",
        "caravan.s3.endpoint | storage",
        "caravan.s3.path-style | perhaps",
        "caravan.routes.directory | absent"
      })
  void refusesABadValueNamingKeyValueAndBound(String key, String value) {
    assertThatThrownBy(() -> readWith(key, value))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(
            "'"
                + (value.startsWith("secrets/") || value.equals("absent")
                    ? directory.resolve(value)
                    : value)
                + "'")
        .hasMessageContaining("must be");
  }

  @Test
  void refusesAnUnknownKeyNamingTheNearest() {
    assertThatThrownBy(() -> readWith("caravan.cluster.main.pol", "5s"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Unknown setting caravan.cluster.main.pol in ")
        .hasMessageContaining("did you mean caravan.cluster.main.poll?");
    assertThatThrownBy(() -> readWith("caravan.colour", "blue"))
        .hasMessageContaining("Unknown setting caravan.colour")
        .hasMessageNotContaining("did you mean");
    assertThatThrownBy(() -> readWith("Caravan.cluster.poll", "5s"))
        .hasMessageContaining("did you mean caravan.cluster.main.poll?");
  }

  @Test
  void saysThatAClusterHasNoIdInsteadOfNamingAnotherKey() {
    Map<String, String> values = least();
    values.put("caravan.cluster.mian.poll", "5s");
    values.put("caravan.cluster.mian.endpoint.port", "5");
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("caravan.cluster.mian.endpoint.port and 1 more in ")
        .hasMessageContaining("caravan.cluster.mian.id is not set")
        .message()
        .hasLineCount(1);
  }

  @Test
  void twoNamesOfOneClusterAreRefused() {
    assertThatThrownBy(() -> readWith("caravan.cluster.other.id", "c9q"))
        .hasMessageContaining("caravan.cluster.other.id is 'c9q'")
        .hasMessageContaining("another id than that of caravan.cluster.main.id");
  }

  @Test
  void saysWhereTheKeysOfOnePipelineAndOfOneClusterWent() throws IOException {
    Map<String, String> values = least();
    values.remove("caravan.cluster.main.id");
    values.put("caravan.cluster.id", "c9q");
    values.put("caravan.endpoint.port", "9000");
    values.put("caravan.pipeline", "nightly");
    values.put("caravan.jobs", "mart");
    values.put("caravan.job.mart.file", "s3a://lake/jobs.jar");
    values.put("caravan.schedule.cron", "0 30 3 * * ?");
    Files.delete(directory.resolve("pipelines/marts.yaml"));
    Files.delete(directory.resolve("pipelines"));
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(SettingsException.class)
        .message()
        .hasLineCount(3)
        .startsWith("2 settings must be corrected:\n")
        .contains("caravan.cluster.id and 1 more in ", "such as caravan.cluster.main.id;")
        .contains("caravan.job.mart.file and 3 more in ", "pipelines/NAME.yaml")
        .contains("'caravan migrate' writes it");
    Files.createDirectory(directory.resolve("pipelines"));
    assertThatThrownBy(() -> readWith("caravan.endpoint.host", "master"))
        .hasMessageStartingWith("caravan.endpoint.host in ")
        .hasMessageContaining("such as caravan.cluster.main.endpoint.host;");
  }

  @Test
  void brokenPipelinesAreRefusedWithFileAndLine() throws IOException {
    Files.writeString(directory.resolve("pipelines/marts.yaml"), MARTS.replace("main", "mian"));
    assertThatThrownBy(() -> read(least()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("marts.yaml, line 1: cluster is 'mian'")
        .hasMessageContaining("did you mean main?");
  }

  @Test
  void namesAllThatIsWrongAtOnceAndWhereItStands() {
    Map<String, String> values = least();
    values.put("caravan.cluster.main.poll", "1ms");
    values.put("caravan.s3.endpoint", "storage");
    values.remove("caravan.s3.credentials-file");
    assertThatThrownBy(() -> read(values))
        .message()
        .hasLineCount(4)
        .startsWith("3 settings must be corrected:\n")
        .contains(
            "caravan.cluster.main.poll is '1ms' in " + directory.resolve("application.properties"))
        .contains("\n  caravan.s3.endpoint is 'storage' in ")
        .contains("\n  caravan.s3.credentials-file is not set in ");
    assertThatThrownBy(
            () ->
                Settings.read(
                    directory.resolve("application.properties"),
                    Map.of(
                        "caravan.cluster.main.poll",
                        "2ms",
                        "caravan.s3.endpoint",
                        "https://s3",
                        "caravan.s3.credentials-file",
                        "secrets/s3.properties",
                        "caravan.nonsense",
                        "1")))
        .message()
        .contains("caravan.cluster.main.poll is '2ms' on the command line (--set), but must be ")
        .contains("Unknown setting caravan.nonsense on the command line (--set)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets/service-account-key.json | {\"id\": | caravan.yandex.key-file | is not JSON",
        "secrets/service-account-key.json | {} | caravan.yandex.key-file | has no text field 'id'",
        "secrets/s3.properties | access-key-id=a | caravan.s3.credentials-file | must hold",
        "secrets/endpoint.properties | token=a | caravan.cluster.main.endpoint.credentials-file | must hold",
        "secrets/endpoint.properties | bearer=a\\u | caravan.cluster.main.endpoint.credentials-file | \\u",
        "secrets/ca.pem | none | caravan.cluster.main.endpoint.ca-file | certificate",
        "secrets/ca.pem | none | caravan.yandex.ca-file | certificate",
        "secrets/login.properties | user=a | caravan.journal.credentials-file | must hold"
      })
  void refusesAFileWithTheWrongContent(String file, String text, String key, String what)
      throws IOException {
    Files.writeString(directory.resolve(file), text);
    assertThatThrownBy(() -> readWith(key, file))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(key + " in ")
        .hasMessageContaining(directory.resolve(file).toString())
        .hasMessageContaining(what);
  }

  @Test
  void theEndpointsCertificateMayBeInStorageBeforeItIsThere() {
    Map<String, String> values = least();
    String key = "caravan.cluster.main.endpoint.ca-file";
    values.put(key, "s3://lake/caravan/endpoint/c9q.pem");
    assertThat(main(read(values)).batches().certificates())
        .contains(
            new CertificatePlace.InStorage(new S3Location("lake", "caravan/endpoint/c9q.pem")));
    values.put(key, "s3://lake");
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("a file, or an object of the form s3://bucket/path");
  }

  @Test
  void filesThatAreNotUsedNeedNotBeThere() {
    Map<String, String> values = least();
    values.put("caravan.yandex.credentials", "metadata");
    values.put("caravan.yandex.key-file", "secrets/absent.json");
    assertThat(read(values).yandex().credentials()).isInstanceOf(YandexCredentials.Metadata.class);
  }

  @Test
  void logsNeedNeitherCloudNorCluster() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("logs.properties"),
            """
            caravan.s3.credentials-file=secrets/s3.properties
            caravan.yandex.key-file=secrets/absent.json
            """);
    LogSettings settings = LogSettings.read(file, Map.of());
    assertThat(settings.pipelines().get().names()).containsExactly("marts");
    Files.delete(directory.resolve("pipelines/marts.yaml"));
    assertThat(LogSettings.read(file, Map.of()).journal())
        .as("pipelines are read when they are asked for")
        .isEqualTo(settings.journal());
    assertThatThrownBy(() -> LogSettings.read(file, Map.of("caravan.s3.endpont", "https://s3")))
        .hasMessageContaining("did you mean caravan.s3.endpoint?");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, '', ok",
    "UTF-8, '\uFEFF', ok",
    "UTF-16, '', save it as UTF-8",
    "UTF-16LE, '', save it as UTF-8",
    "windows-1251, '', Line 2 of"
  })
  void readsUtf8AndNamesWhatIsNot(String charset, String mark, String outcome) throws IOException {
    StringBuilder text = new StringBuilder(mark + "caravan.cluster.main.id=c9q\n# Кластер\n");
    least()
        .forEach(
            (key, value) -> {
              if (!key.equals("caravan.cluster.main.id")) {
                text.append(key).append('=').append(value).append('\n');
              }
            });
    Path file = directory.resolve("application.properties");
    Files.write(file, text.toString().getBytes(Charset.forName(charset)));
    if (outcome.equals("ok")) {
      assertThat(Settings.read(file, Map.of()).clusterId("main")).isEqualTo("c9q");
    } else {
      assertThatThrownBy(() -> Settings.read(file, Map.of()))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(outcome)
          .hasMessageContaining(file.toString())
          .hasMessageNotContaining("Exception");
    }
  }

  @Test
  void refusesAKeyThatStandsThereTwice() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("application.properties"),
            "caravan.cluster.main.poll=5s\ncaravan.cluster.main.id=a\ncaravan.cluster.main.poll=6s\n");
    assertThatThrownBy(() -> Settings.read(file, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sets more than once: caravan.cluster.main.poll.");
  }

  @Test
  void anEmbeddedJournalLiesBesideTheSettingsUnlessItsPathIsNoneForH2() throws IOException {
    for (String path : List.of("./data/j", "data/j", directory + "/data/j")) {
      assertThat(readWith("caravan.journal.url", "jdbc:h2:file:" + path).journal().url())
          .isEqualTo("jdbc:h2:file:" + directory.resolve("data/j"));
    }
    Path odd = Files.createDirectory(directory.resolve("a;b"));
    Files.writeString(odd.resolve("s3.properties"), "access-key-id=a\nsecret-access-key=b\n");
    Path file =
        Files.writeString(
            odd.resolve("logs.properties"), "caravan.s3.credentials-file=s3.properties\n");
    assertThatThrownBy(() -> LogSettings.read(file, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(odd + "/data/journal")
        .hasMessageContaining("';'")
        .hasMessageContaining("caravan.journal.url");
  }

  @Test
  void aRoutesDirectoryThatCamelCannotReadIsRefused() throws IOException {
    for (String name : List.of("a,b", "a+b", "a%41b", "{{x}}")) {
      Files.createDirectory(directory.resolve(name));
      assertThatThrownBy(() -> readWith("caravan.routes.directory", name))
          .hasMessageContaining("'" + directory.resolve(name) + "'")
          .hasMessageContaining("must be a directory without");
    }
    Files.createDirectory(directory.resolve("my routes#[1]"));
    assertThat(readWith("caravan.routes.directory", "my routes#[1]").routesDirectory())
        .contains(directory.resolve("my routes#[1]"));
  }

  @Test
  void aHomeDirectoryIsTheUsersOrRefused() {
    String home = System.getProperty("user.home");
    String value = "jdbc:h2:file:~/journal";
    assertThat(readWith("caravan.journal.url", value).journal().url())
        .isEqualTo("jdbc:h2:file:" + Path.of(home, "journal"));
    System.setProperty("user.home", "?");
    try {
      assertThatThrownBy(() -> readWith("caravan.journal.url", value))
          .hasMessageContaining("'" + value + "'")
          .hasMessageContaining("this user has no home directory");
    } finally {
      System.setProperty("user.home", home);
    }
  }

  @Test
  void proxiesAreSettings() {
    Map<String, String> values = least();
    values.put("caravan.s3.proxy", "http://proxy:3128");
    values.put("caravan.yandex.proxy", "http://[::1]:3128");
    Settings settings = read(values);
    assertThat(settings.s3().proxy()).contains(URI.create("http://proxy:3128"));
    assertThat(settings.yandex().proxy()).contains(new HostAndPort("::1", 3128));
  }

  @Test
  void leavesKeysOfCamelAndOfTheUsersRoutesAlone() {
    assertThat(readWith("my.topic", "x").properties()).containsEntry("my.topic", "x");
  }

  @ParameterizedTest
  @CsvSource({"caravan.cluster.main.id", "caravan.yandex.key-file", "caravan.s3.credentials-file"})
  void refusesToStartWithoutARequiredKey(String key) {
    Map<String, String> values = least();
    values.remove(key);
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(key + " is not set");
  }

  @Test
  void saysWhichFileCannotBeRead() {
    assertThatThrownBy(() -> Settings.read(directory.resolve("none.properties"), Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("none.properties")
        .hasMessageContaining("--config");
  }

  @Test
  void anOverrideWinsOverTheFile() throws IOException {
    read(least());
    Settings settings =
        Settings.read(
            directory.resolve("application.properties"), Map.of("caravan.cluster.main.poll", "1s"));
    assertThat(main(settings).config().poll()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theShippedFileNamesOnlyKnownKeysAndItsCommentsOnlyTrueDefaults() throws IOException {
    Path file = directory.resolve("application.properties");
    Files.copy(SHIPPED, file);
    Files.delete(directory.resolve("pipelines/marts.yaml"));
    Files.copy(SHIPPED_PIPELINE, directory.resolve("pipelines/datamarts.yaml"));
    Settings shipped = Settings.read(file, Map.of("caravan.cluster.main.id", "c9q"));
    assertThat(shipped.pipelines().names()).containsExactly("datamarts");

    // With every commented default switched on, nothing changes.
    Matcher defaults =
        Pattern.compile("(?m)^#(caravan\\.[^=\\s]+)=(\\S+)$").matcher(Files.readString(SHIPPED));
    Map<String, String> overrides = new TreeMap<>(Map.of("caravan.cluster.main.id", "c9q"));
    defaults.results().forEach(found -> overrides.put(found.group(1), found.group(2)));
    assertThat(overrides).hasSizeGreaterThan(20);
    Settings switchedOn = Settings.read(file, overrides);
    assertThat(
            List.of(
                main(switchedOn).config(),
                main(switchedOn).endpoint(),
                switchedOn.yandex(),
                switchedOn.s3(),
                switchedOn.journal(),
                switchedOn.recovery()))
        .isEqualTo(
            List.of(
                main(shipped).config(),
                main(shipped).endpoint(),
                shipped.yandex(),
                shipped.s3(),
                shipped.journal(),
                shipped.recovery()));
  }
}
