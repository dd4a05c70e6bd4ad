package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.cli.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is said, and the exit code, when nothing is started. */
class CommandLineTest {
  @TempDir Path directory;

  private record Said(int exitCode, String err) {}

  private static Said call(String... words) {
    StringWriter err = new StringWriter();
    CommandLine line = Caravan.commandLine().setErr(new PrintWriter(err, true));
    return new Said(line.execute(words), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--date=yesterdy | 'yesterdy' is not a date: write 2026-11-21, today, yesterday or -3d",
        "--date=2026-02-30 | '2026-02-30' is not a date",
        "--date=21.11.2026 | '21.11.2026' is not a date",
        "--date=+12026-11-21 | '+12026-11-21' is not a date",
        "--date= | '' is not a date",
        "--address=lake/logs/ | has the form s3://bucket/path, but this is 'lake/logs/'",
        "--set=caravan.cluster.main.id | KEY=VALUE"
      })
  void aBadOptionIsSaidInWordsOfOurs(String option, String words) {
    Said said = call("logs", option);
    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.err()).contains(words).doesNotContain("Exception", "java.");
  }

  @ParameterizedTest
  @CsvSource({"run", "serve"})
  void aBrokenKeyFileIsABadSetting(String command) throws IOException {
    Files.writeString(directory.resolve("key.json"), "{\"id\": \"a\"");
    Files.writeString(directory.resolve("s3.properties"), "access-key-id=a\nsecret-access-key=b\n");
    Files.createDirectory(directory.resolve("pipelines"));
    Path file =
        Files.writeString(
            directory.resolve("application.properties"),
            """
            caravan.cluster.main.id=c9q
            caravan.yandex.key-file=key.json
            caravan.s3.credentials-file=s3.properties
            """);
    Said said = call(command, "--config", file.toString());
    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.err()).contains("caravan.yandex.key-file in ", "key.json is not JSON");
    assertThat(directory.resolve("data")).as("no journal is begun").doesNotExist();
  }

  @Test
  void everyBadSettingHasALine() {
    Said said = call("run", "--config", directory.resolve("none.properties").toString());
    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.err()).contains("none.properties").doesNotContain("Exception");
  }

  @Test
  void configShowsWhereEachSettingIsSetAndNoSecret() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("application.properties"),
            """
            caravan.cluster.main.id=c9q
            caravan.journal.url=jdbc:postgresql://ann:geheim@db/caravan?password=geheim&ssl=true
            caravan.nonsense.password=geheim
            other.key=1
            """);
    StringWriter out = new StringWriter();
    CommandLine line = Caravan.commandLine().setOut(new PrintWriter(out, true));

    int exitCode =
        line.execute(
            "config", "-o", "csv", "--config", file.toString(), "--set", "caravan.claim.ttl=5s");

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "setting,value,set_by",
            "caravan.claim.ttl,5s,--set",
            "caravan.cluster.main.id,c9q," + file,
            "caravan.journal.url,jdbc:postgresql://...@db/caravan?password=...&ssl=true," + file,
            "caravan.nonsense.password,...," + file);
  }

  @Test
  void migrateSaysWhatItWroteAndWhatIsLeftToDo() throws IOException {
    Path file = directory.resolve("application.properties");
    try (InputStream former =
        CommandLineTest.class.getResourceAsStream("/application-of-one-pipeline.properties")) {
      Files.copy(former, file);
    }
    StringWriter out = new StringWriter();
    CommandLine line = Caravan.commandLine().setOut(new PrintWriter(out, true));

    assertThat(line.execute("migrate", "--config", file.toString())).isEqualTo(ExitCodes.OK);

    Path written = directory.resolve("pipelines/nightly.yaml");
    assertThat(written).exists();
    assertThat(out.toString())
        .contains(
            "Written: " + written, "remove caravan.pipeline", "  caravan.cluster.main.id=c9q");
    Said again = call("migrate", "--config", file.toString());
    assertThat(again.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(again.err()).contains("is there already").doesNotContain("Exception");
  }
}
