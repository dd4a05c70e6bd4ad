package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.JobConfig;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.YandexCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
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

  /** As {@code yc iam key create} writes it. */
  private static final String KEY = key();

  @TempDir Path directory;

  @BeforeEach
  void writeSecrets() throws IOException {
    Files.createDirectory(directory.resolve("secrets"));
    Files.writeString(directory.resolve("secrets/service-account-key.json"), KEY);
    Files.writeString(directory.resolve("secrets/endpoint.properties"), "bearer=token");
    Files.writeString(
        directory.resolve("secrets/s3.properties"), "access-key-id=a\nsecret-access-key=b\n");
  }

  private static String key() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
      return """
          {"id": "a", "service_account_id": "b", "created_at": "2026-01-01T00:00:00Z",
           "key_algorithm": "RSA_2048", "public_key": "%s", "private_key": "%s"}"""
          .formatted(pem("PUBLIC KEY", pair.getPublic()), pem("PRIVATE KEY", pair.getPrivate()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, Key key) {
    return "-----BEGIN %1$s-----\\n%2$s\\n-----END %1$s-----\\n"
        .formatted(kind, Base64.getEncoder().encodeToString(key.getEncoded()));
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
            "quartz:caravan/schedule?stateful=true&trigger.timeZone=RAW(Europe/Moscow)&cron=RAW(0 30 3 * * ?)");
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
        "caravan.endpoint.host | https://master",
        "caravan.endpoint.host | master:8998",
        "caravan.endpoint.host | mas ter",
        "caravan.endpoint.host | my_master",
        "caravan.cluster.id | my cluster",
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
        "caravan.job.mart.file | jobs.jar",
        "caravan.job.mart.file | s3a://lake/my jobs.jar",
        "caravan.job.mart.class-name | a Main",
        "caravan.job.mart.conf.executor.memory | 4g",
        "caravan.job.mart.output | s3://Lake/mart/",
        "caravan.job.mart.output | s3://lake/a)&deleteAfterRead=true&x=(/",
        "caravan.job.mart.summary | s3://lake",
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
    assertThatThrownBy(() -> readWith("caravan.colour", "blue"))
        .hasMessageContaining("Unknown setting caravan.colour")
        .hasMessageNotContaining("did you mean");
    assertThatThrownBy(() -> readWith("Caravan.cluster.poll", "5s"))
        .hasMessageContaining("did you mean caravan.cluster.poll?");
    assertThatThrownBy(() -> readWith("caravan.job.mart.timeuot", "5s"))
        .hasMessageContaining("did you mean caravan.job.mart.timeout?");
  }

  @Test
  void saysThatAJobIsNotNamedInsteadOfNamingAnotherKey() {
    assertThatThrownBy(() -> readWith("caravan.job.foo.timeout", "5s"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("caravan.job.foo.timeout in ")
        .hasMessageContaining("caravan.jobs does not name the job foo")
        .hasMessageNotContaining("did you mean");
    Map<String, String> values = least();
    values.put("caravan.job.foo.file", "s3a://lake/x.jar");
    values.put("caravan.job.foo.timeout", "5s");
    assertThatThrownBy(() -> read(values))
        .hasMessageContaining("caravan.job.foo.file and 1 more of job foo")
        .message()
        .hasLineCount(1);
  }

  @Test
  void namesAllThatIsWrongAtOnceAndWhereItStands() {
    Map<String, String> values = least();
    values.put("caravan.cluster.poll", "1ms");
    values.put("caravan.s3.endpoint", "storage");
    values.remove("caravan.job.mart.file");
    assertThatThrownBy(() -> read(values))
        .message()
        .hasLineCount(4)
        .startsWith("3 settings must be corrected:\n")
        .contains("caravan.cluster.poll is '1ms' in " + directory.resolve("application.properties"))
        .contains("\n  caravan.s3.endpoint is 'storage' in ")
        .contains("\n  caravan.job.mart.file is not set in ");
    assertThatThrownBy(
            () ->
                Settings.read(
                    directory.resolve("application.properties"),
                    Map.of(
                        "caravan.cluster.poll",
                        "2ms",
                        "caravan.s3.endpoint",
                        "https://s3",
                        "caravan.job.mart.file",
                        "/x.jar",
                        "caravan.nonsense",
                        "1")))
        .message()
        .contains("caravan.cluster.poll is '2ms' on the command line (--set), but must be ")
        .contains("Unknown setting caravan.nonsense on the command line (--set)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets/service-account-key.json | {\"id\": | caravan.yandex.key-file | is not JSON",
        "secrets/service-account-key.json | {} | caravan.yandex.key-file | has no text field 'id'",
        "secrets/s3.properties | access-key-id=a | caravan.s3.credentials-file | must hold",
        "secrets/endpoint.properties | token=a | caravan.endpoint.credentials-file | must hold",
        "secrets/endpoint.properties | bearer=a\\u | caravan.endpoint.credentials-file | \\u",
        "secrets/ca.pem | none | caravan.endpoint.ca-file | certificate",
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
  void filesThatAreNotUsedNeedNotBeThere() {
    Map<String, String> values = least();
    values.put("caravan.yandex.credentials", "metadata");
    values.put("caravan.yandex.key-file", "secrets/absent.json");
    assertThat(read(values).yandex().credentials()).isInstanceOf(YandexCredentials.Metadata.class);
  }

  @Test
  void logsNeedNeitherCloudNorClusterNorJobs() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("logs.properties"),
            """
            caravan.s3.credentials-file=secrets/s3.properties
            caravan.schedule.zone=Europe/Moscow
            caravan.yandex.key-file=secrets/absent.json
            caravan.jobs=mart,mart
            """);
    LogSettings settings = LogSettings.read(file, Map.of());
    assertThat(settings.pipeline()).isEqualTo("datamarts");
    assertThat(settings.schedule().zone()).isEqualTo(ZoneId.of("Europe/Moscow"));
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
    StringBuilder text = new StringBuilder(mark + "caravan.cluster.id=c9q\n# Кластер\n");
    least()
        .forEach(
            (key, value) -> {
              if (!key.equals("caravan.cluster.id")) {
                text.append(key).append('=').append(value).append('\n');
              }
            });
    Path file = directory.resolve("application.properties");
    Files.write(file, text.toString().getBytes(Charset.forName(charset)));
    if (outcome.equals("ok")) {
      assertThat(Settings.read(file, Map.of()).cluster().id()).isEqualTo("c9q");
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
            "caravan.cluster.poll=5s\ncaravan.cluster.id=a\ncaravan.cluster.poll=6s\n");
    assertThatThrownBy(() -> Settings.read(file, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sets more than once: caravan.cluster.poll.");
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
  void valuesStandInTheScheduleAsTheyAre() {
    Map<String, String> values = least();
    values.put("caravan.schedule.cron", "0 0/5 3 ? * 6#3");
    values.put("caravan.schedule.zone", "GMT+3");
    assertThat(read(values).schedule().uri())
        .endsWith("trigger.timeZone=RAW(GMT+03:00)&cron=RAW(0 0/5 3 ? * 6#3)");
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
