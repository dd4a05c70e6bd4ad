package dev.caravan.endpoint.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointSettingsTest {
  private static EndpointSettings read(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of("--endpoint.data-dir=/var/caravan", "--endpoint.allowed-files=s3a://code/"));
    all.addAll(List.of(words));
    return EndpointSettings.from(SettingsSource.fromCommandLine(all));
  }

  @Test
  void defaults() {
    EndpointSettings settings = read();

    assertThat(settings.server())
        .isEqualTo(
            new ServerSettings(
                "127.0.0.1",
                8998,
                "",
                Duration.ofSeconds(20),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(settings.submit())
        .isEqualTo(
            new SubmitSettings(
                Path.of("/usr/bin/spark-submit"),
                "yarn",
                "client",
                List.of("s3a://code/"),
                List.of(),
                List.of(),
                Map.of()));
    assertThat(settings.batches())
        .isEqualTo(
            new BatchSettings(
                Path.of("/var/caravan"),
                2,
                100,
                Duration.ofHours(6),
                Duration.ofSeconds(10),
                Duration.ofDays(7),
                false,
                256 << 20,
                64 << 20));
    assertThat(settings.yarn()).isEqualTo(new YarnSettings(Optional.empty(), 1));
    assertThat(settings.shipping()).isEmpty();
  }

  @Test
  void theHelpNamesEverySettingAndNoOther() {
    SettingsSource source =
        new SettingsSource(Map.of("endpoint.data-dir", "/x", "endpoint.allowed-files", "/x"));
    EndpointSettings.from(source);
    Set<String> named =
        Pattern.compile("(?m)^  (endpoint\\.[a-z0-9.-]+)")
            .matcher(EndpointSettings.help())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());

    assertThat(named).containsExactlyInAnyOrderElementsOf(source.known());
  }

  @Test
  void theDocumentationNamesKnownSettingsAndTheirDefaults() throws Exception {
    // The file of the settings is none of them.
    Pattern key = Pattern.compile("`(endpoint\\.(?!properties\\b)[a-z0-9-]+)");
    int rows = 0;
    for (Path page : pages()) {
      for (String line : Files.readAllLines(page)) {
        List<String> named = key.matcher(line).results().map(found -> found.group(1)).toList();
        named.forEach(
            each -> assertThat(EndpointSettings.help()).as(page + ": " + line).contains(each));
        if (line.startsWith("| `endpoint.")) {
          rows++;
          List<String> keys =
              key.matcher(line.split("\\|")[1]).results().map(found -> found.group(1)).toList();
          List<String> defaults =
              List.of(line.split("\\|")[2].strip().replace("`", "").split(", "));
          assertThat(defaults).as(line).hasSameSizeAs(keys);
          for (int i = 0; i < keys.size(); i++) {
            assertThat(defaultInHelp(keys.get(i))).as(line).isEqualTo(defaults.get(i));
          }
        }
      }
    }
    assertThat(rows).isGreaterThan(10);
  }

  private static String defaultInHelp(String key) {
    return Pattern.compile("(?m)^  " + Pattern.quote(key) + " .*?\\(([^);]+)")
        .matcher(EndpointSettings.help())
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElse("none");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("../docs"))) {
      return Stream.concat(Stream.of(Path.of("../README.md")), docs)
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }

  @Test
  void theCommandLineBeatsTheFile(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("endpoint.properties"),
            "endpoint.port=1\nendpoint.master=local\nendpoint.forced-conf.spark.a.b=c\n");

    EndpointSettings settings =
        read(
            "--endpoint.port=2",
            "--config=" + file,
            "--endpoint.batch-timeout=90m",
            "--endpoint.on-stop=kill",
            "--endpoint.yarn-rm=http://master:8088",
            "--endpoint.allowed-files=s3a://a/, /b",
            "--endpoint.event-logs=s3a://a/logs",
            "--endpoint.max-log=1m",
            "--endpoint.min-free=2g",
            "--endpoint.prefix=/livy/v1");

    assertThat(settings.server().port()).isEqualTo(2);
    assertThat(settings.server().prefix()).isEqualTo("/livy/v1");
    assertThat(settings.submit().master()).isEqualTo("local");
    assertThat(settings.submit().forcedConf()).containsExactly(Map.entry("spark.a.b", "c"));
    assertThat(settings.submit().allowedFiles()).containsExactly("s3a://a/", "/b");
    assertThat(settings.submit().eventLogs()).containsExactly("s3a://a/logs");
    assertThat(settings.batches().timeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.batches().killOnStop()).isTrue();
    assertThat(settings.batches().maxLog()).isEqualTo(1 << 20);
    assertThat(settings.batches().minFree()).isEqualTo(2L << 30);
    assertThat(settings.yarn().resourceManager()).contains(URI.create("http://master:8088"));
  }

  @Test
  void logsAreShippedByTheMachinesAccountUnlessThereIsAKey(@TempDir Path directory)
      throws Exception {
    ShippingSettings byAccount = read("--endpoint.logs-to=s3://lake/logs").shipping().orElseThrow();
    assertThat(byAccount)
        .isEqualTo(
            new ShippingSettings(
                URI.create("s3://lake/logs/"),
                new S3Settings(
                    URI.create("https://storage.yandexcloud.net"),
                    "ru-central1",
                    false,
                    Optional.empty(),
                    Duration.ofSeconds(30),
                    Optional.empty()),
                URI.create("http://169.254.169.254"),
                Duration.ofSeconds(10)));
    assertThat(byAccount.address("caravan-1-a")).hasToString("s3://lake/logs/caravan-1-a/");

    Path key = directory.resolve("key");
    Files.writeString(key, "access-key-id=id\nsecret-access-key=secret\n");
    ShippingSettings byKey =
        read(
                "--endpoint.logs-to=s3://lake",
                "--endpoint.s3-endpoint=http://s3.office:9000/",
                "--endpoint.s3-path-style=true",
                "--endpoint.s3-credentials-file=" + key)
            .shipping()
            .orElseThrow();
    assertThat(byKey.s3().key()).contains(new S3Key("id", "secret"));
    assertThat(byKey.toString()).doesNotContain("secret");
    assertThat(byKey.address("t")).hasToString("s3://lake/t/");

    Files.writeString(key, "access-key-id=id\n");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () -> read("--endpoint.logs-to=s3://lake", "--endpoint.s3-credentials-file=" + key))
        .withMessageContaining("must hold access-key-id= and secret-access-key=");
  }

  @Test
  void aTokenIsNotSentInTheClear() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                read(
                    "--endpoint.logs-to=s3://lake", "--endpoint.s3-endpoint=http://192.0.2.1:9000"))
        .withMessageContaining("is not https");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--endpoint.prot=1 | The setting endpoint.prot is unknown; the nearest known one is endpoint.port.",
        "--Endpoint.Port=1 | The setting Endpoint.Port is unknown; the nearest known one is endpoint.port.",
        "--endpoint.port=x | endpoint.port=x is not a whole number from 0 to 65535.",
        "--endpoint.port=70000 | endpoint.port=70000 is not a whole number from 0 to 65535.",
        "--endpoint.max-running=0 | endpoint.max-running=0 is not a whole number from 1 to 1000.",
        "--endpoint.batch-timeout=6 | endpoint.batch-timeout=6 is not a duration from 100ms to 30d, such as 6h.",
        "--endpoint.deploy-mode=cluster | endpoint.deploy-mode=cluster needs endpoint.master=yarn and endpoint.yarn-rm (like http://MASTER:8088): its drivers can only be watched and ended through YARN.",
        "--endpoint.max-log=256 | endpoint.max-log=256 is not an amount from 1024 to 1099511627776 bytes written like 512k, 256m or 2g.",
        "--endpoint.min-free=2000000g | endpoint.min-free=2000000g is not an amount from 0 to 1099511627776 bytes written like 512k, 256m or 2g.",
        "--endpoint.deploy-mode=x | endpoint.deploy-mode=x is not one of client, cluster.",
        "--endpoint.prefix=livy | endpoint.prefix=livy is not of the form /like/this.",
        "--endpoint.yarn-rm=master:8088 | endpoint.yarn-rm=master:8088 is not of the form http://host:port.",
        "--endpoint.logs-to=lake/logs | endpoint.logs-to=lake/logs is not of the form s3://bucket/prefix (letters, digits and . _ = -).",
        "--endpoint.logs-to=s3://lake/../x | endpoint.logs-to=s3://lake/../x is not of the form s3://bucket/prefix (letters, digits and . _ = -).",
        "--endpoint.s3-endpoint=s3.office | endpoint.s3-endpoint=s3.office is not of the form https://storage.yandexcloud.net.",
        "--endpoint.allowed-files= | The setting endpoint.allowed-files is required and was not given.",
        "--endpoint.tls-keystore=/x | endpoint.tls-keystore and endpoint.tls-password-file go together; only one was given.",
        "--endpoint.host=0.0.0.0 | endpoint.host=0.0.0.0 is reachable from other machines, but endpoint.credentials-file is not set; give a file with credentials, or listen on 127.0.0.1.",
        "endpoint.port=1 | 'endpoint.port=1' is not understood; settings are given as --key=value or --config=FILE.",
        "--config=/does/not/exist | The settings can't be read: /does/not/exist doesn't exist."
      })
  void badOnesStopTheBootWithASentence(String word, String sentence) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read(word))
        .withMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--endpoint.data-dir=~/caravan",
        "--endpoint.data-dir=~",
        "--endpoint.data-dir=$HOME/caravan",
        "--endpoint.data-dir=\"/var/caravan\"",
        "--config=~/settings",
        "--endpoint.spark-submit=~/spark/bin/spark-submit",
        "--endpoint.credentials-file='/etc/x'",
        "--endpoint.tls-keystore=~root/x",
        "--endpoint.tls-password-file=~/x",
        "--endpoint.s3-credentials-file=~/x",
        "--endpoint.yandex-ca-file=~/x",
        "--endpoint.allowed-files=s3a://code/,~/jobs/",
        "--endpoint.event-logs=${HOME}/events"
      })
  void aPathWrittenForAShellIsRefused(String word) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read(word))
        .withMessageStartingWith(word.substring(word.startsWith("--config") ? 0 : 2, 12))
        .withMessageContaining("which only a shell would expand or remove");
  }
}
