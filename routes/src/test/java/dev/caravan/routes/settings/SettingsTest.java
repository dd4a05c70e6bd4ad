package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.JobConfig;
import dev.caravan.processors.yandex.YandexCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
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

  @TempDir Path directory;

  @BeforeEach
  void writeSecrets() throws IOException {
    Files.createDirectory(directory.resolve("secrets"));
    Files.writeString(directory.resolve("secrets/service-account-key.json"), "{}");
    Files.writeString(directory.resolve("secrets/endpoint.properties"), "bearer=token");
    Files.writeString(
        directory.resolve("secrets/s3.properties"), "access-key-id=a\nsecret-access-key=b\n");
  }

  /** The least that must be set. */
  private static Map<String, String> least() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("caravan.cluster.id", "c9q");
    settings.put("caravan.yandex.key-file", "secrets/service-account-key.json");
    settings.put("caravan.s3.credentials-file", "secrets/s3.properties");
    settings.put("caravan.jobs", "mart");
    settings.put("caravan.job.mart.file", "s3a://lake/jobs.jar");
    settings.put("caravan.job.mart.class-name", "a.Main");
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
    assertThat(settings.pipeline()).isEqualTo("datamarts");
    assertThat(settings.schedule().uri())
        .isEqualTo("timer:schedule?synchronous=true&delay=1000&period=86400000");
    assertThat(settings.schedule().dateOffsetDays()).isEqualTo(1);
    assertThat(settings.yandex().dataproc()).hasToString("dataproc.api.cloud.yandex.net:443");
    assertThat(settings.yandex().callTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.cluster().poll()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.cluster().startTimeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(settings.cluster().stopPolicy()).isEqualTo(StopPolicy.OURS);
    assertThat(settings.endpoint().scheme()).isEqualTo("https");
    assertThat(settings.endpoint().port()).isEqualTo(8998);
    assertThat(settings.s3().endpoint()).hasToString("https://storage.yandexcloud.net");
    JobConfig job = settings.jobs().inOrder().get(0);
    assertThat(job.timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(job.output()).isEmpty();
  }

  @Test
  void takesWhatIsSet() {
    Map<String, String> values = least();
    values.put("caravan.pipeline", "nightly");
    values.put("caravan.schedule.cron", "0 30 3 * * ?");
    values.put("caravan.schedule.zone", "Europe/Moscow");
    values.put("caravan.yandex.credentials", "metadata");
    values.put("caravan.cluster.stop-policy", "always");
    values.put("caravan.endpoint.scheme", "http");
    values.put("caravan.endpoint.host", "localhost");
    values.put("caravan.s3.path-style", "true");
    values.put("caravan.job.mart.args", "mart --date {date}   --depth 30");
    values.put("caravan.job.mart.conf.spark.executor.memory", "4g");
    values.put("caravan.job.mart.timeout", "90m");
    values.put("caravan.job.mart.output", "s3://lake/mart/date={date}/");
    values.put("caravan.job.mart.min-rows", "5");
    values.put("caravan.job.mart.columns", "a, b");
    Settings settings = read(values);
    assertThat(settings.schedule().uri())
        .isEqualTo(
            "quartz:caravan/schedule?stateful=true&trigger.timeZone=Europe/Moscow&cron=0+30+3+*+*+?");
    assertThat(settings.schedule().zone()).isEqualTo(ZoneId.of("Europe/Moscow"));
    assertThat(settings.yandex().credentials()).isInstanceOf(YandexCredentials.Metadata.class);
    assertThat(settings.cluster().stopPolicy()).isEqualTo(StopPolicy.ALWAYS);
    assertThat(settings.endpoint().host()).contains("localhost");
    assertThat(settings.s3().pathStyle()).isTrue();
    JobConfig job = settings.jobs().inOrder().get(0);
    assertThat(job.args()).containsExactly("mart", "--date", "{date}", "--depth", "30");
    assertThat(job.conf()).containsExactly(Map.entry("spark.executor.memory", "4g"));
    assertThat(job.timeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(job.output().orElseThrow().minRows()).isEqualTo(5);
    assertThat(job.output().orElseThrow().columns()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.pipeline | two words",
        "caravan.schedule.every | 10",
        "caravan.schedule.every | 0s",
        "caravan.schedule.cron | every day",
        "caravan.schedule.zone | Mars/Base",
        "caravan.schedule.zone | +03:00",
        "caravan.schedule.date-offset-days | -1",
        "caravan.yandex.dataproc | nowhere",
        "caravan.yandex.credentials | password",
        "caravan.yandex.key-file | secrets/absent.json",
        "caravan.cluster.poll | 1ms",
        "caravan.cluster.start-timeout | 4h",
        "caravan.cluster.stop-policy | never",
        "caravan.endpoint.scheme | ftp",
        "caravan.endpoint.port | 70000",
        "caravan.s3.endpoint | storage",
        "caravan.s3.path-style | perhaps",
        "caravan.routes.directory | absent",
        "caravan.jobs | mart,mart",
        "caravan.jobs | a b",
        "caravan.job.mart.timeout | soon",
        "caravan.job.mart.args | --date {day}",
        "caravan.job.mart.output | /local/path",
        "caravan.job.mart.min-rows | many"
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
    assertThatThrownBy(() -> readWith("caravan.cluster.pol", "5s"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Unknown setting caravan.cluster.pol in ")
        .hasMessageContaining("did you mean caravan.cluster.poll?");
    assertThatThrownBy(() -> readWith("caravan.job.other.file", "s3a://lake/x.jar"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("caravan.job.other.file");
  }

  @Test
  void leavesKeysOfCamelAndOfTheUsersRoutesAlone() {
    assertThat(readWith("my.topic", "x").properties()).containsEntry("my.topic", "x");
  }

  @ParameterizedTest
  @CsvSource({
    "caravan.cluster.id",
    "caravan.yandex.key-file",
    "caravan.s3.credentials-file",
    "caravan.jobs",
    "caravan.job.mart.file",
    "caravan.job.mart.class-name"
  })
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
            directory.resolve("application.properties"), Map.of("caravan.cluster.poll", "1s"));
    assertThat(settings.cluster().poll()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theShippedFileNamesOnlyKnownKeysAndItsCommentsOnlyTrueDefaults() throws IOException {
    Path file = directory.resolve("application.properties");
    Files.copy(SHIPPED, file);
    Settings shipped = Settings.read(file, Map.of("caravan.cluster.id", "c9q"));
    assertThat(shipped.jobs().names()).hasSize(3);

    // With every commented default switched on, nothing changes.
    Matcher defaults =
        Pattern.compile("(?m)^#(caravan\\.[^=\\s]+)=(\\S+)$").matcher(Files.readString(SHIPPED));
    Map<String, String> overrides = new TreeMap<>(Map.of("caravan.cluster.id", "c9q"));
    defaults
        .results()
        .filter(found -> !found.group(1).contains(".conf."))
        .forEach(found -> overrides.put(found.group(1), found.group(2)));
    assertThat(overrides).hasSizeGreaterThan(20);
    Settings switchedOn = Settings.read(file, overrides);
    assertThat(
            List.of(
                switchedOn.pipeline(),
                switchedOn.cluster(),
                switchedOn.endpoint(),
                switchedOn.yandex(),
                switchedOn.s3(),
                switchedOn.jobs(),
                switchedOn.journal(),
                switchedOn.schedule()))
        .isEqualTo(
            List.of(
                shipped.pipeline(),
                shipped.cluster(),
                shipped.endpoint(),
                shipped.yandex(),
                shipped.s3(),
                shipped.jobs(),
                shipped.journal(),
                shipped.schedule()));
  }

  @Test
  void theShippedFileShowsHowToBeginWithRawEvents() throws IOException {
    String shipped = Files.readString(SHIPPED);
    String withLayer =
        shipped
            .replaceFirst("(?m)^caravan\\.jobs=.*$", "")
            .replaceAll("(?m)^# (caravan\\.)", "$1")
            .replaceFirst("(?m)^caravan\\.cluster\\.id=$", "caravan.cluster.id=c9q");
    Path file = Files.writeString(directory.resolve("application.properties"), withLayer);
    List<JobConfig> jobs = Settings.read(file, Map.of()).jobs().inOrder();
    assertThat(jobs).hasSize(4);
    assertThat(jobs.get(0).args()).startsWith("events-layer", "--date", "{date}");
    assertThat(jobs.get(0).output().orElseThrow().columns()).contains("message_from");
    assertThat(jobs.get(1).args()).contains("--src", "s3a://lake/events");
  }
}
