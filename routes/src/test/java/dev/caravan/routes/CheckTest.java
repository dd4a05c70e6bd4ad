package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.Journal;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code caravan check --offline}: what is found on this machine alone. */
class CheckTest {
  @TempDir private Path directory;
  private TestInstallation installation;

  @BeforeEach
  void install() throws IOException {
    installation = new TestInstallation(directory);
  }

  private record Said(int exitCode, Map<String, String> findings) {}

  /** The findings by group and subject. */
  private Said check() throws IOException {
    StringWriter out = new StringWriter();
    CommandLine line = Caravan.commandLine("check").setOut(new PrintWriter(out, true));
    int exitCode =
        line.execute(
            "check", "--offline", "-o", "json", "--config", installation.file().toString());
    Map<String, String> findings = new TreeMap<>();
    for (JsonNode each : new ObjectMapper().readTree(out.toString())) {
      findings.merge(
          each.path("group").asText() + " " + each.path("subject").asText(),
          "%s %s [%s]"
              .formatted(
                  each.path("result").asText(),
                  each.path("message").asText(),
                  each.path("key").asText("")),
          (first, second) -> first + "\n" + second);
    }
    return new Said(exitCode, findings);
  }

  @Test
  void goodInstallationHasNoFaultAndNothingIsWritten() throws IOException {
    Said said = check();

    assertThat(said.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(said.findings().get("SETTINGS file")).startsWith("OK ");
    assertThat(said.findings().get("PIPELINES marts"))
        .matches(
            "OK Runs load, mart on cluster main, next due \\S+T03:30\\+0\\d:00 for \\S+\\. \\[.*");
    assertThat(said.findings().get("ROUTES files")).matches("OK All \\d\\d routes can be loaded.*");
    assertThat(said.findings().get("JOURNAL jdbc:h2:file:" + directory.resolve("data/journal")))
        .startsWith("OK There is none yet");
    assertThat(said.findings().get("CLOUD all"))
        .startsWith("SKIPPED It needs the network (--offline).");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void allFaultsOfSettingsAndPipelinesComeInOneGo() throws IOException {
    installation.set("caravan.claim.tll", "5s").set("caravan.s3.region", "no region");
    installation.write("pipelines/broken.yaml", "clster: main\njobs: { a: { fille: x } }\n");
    Said said = check();

    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.findings().get("SETTINGS caravan.claim.tll"))
        .contains("FAULT", "did you mean caravan.claim.ttl?");
    assertThat(said.findings().get("SETTINGS caravan.s3.region")).contains("FAULT", "no region");
    assertThat(said.findings().get("PIPELINES broken.yaml"))
        .contains("FAULT", "fille", "pipelines/broken.yaml, line 2]")
        .contains("\n");
    assertThat(said.findings().get("PIPELINES marts")).startsWith("OK");
    assertThat(said.findings().get("ROUTES all"))
        .startsWith("SKIPPED The settings must be corrected first.");
  }

  @Test
  void pipelineThatIsBrokenKeepsNothingElseFromBeingLookedAt() throws IOException {
    installation.write("pipelines/broken.yaml", "cluster: nowhere\n");
    Said said = check();

    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.findings().get("PIPELINES broken.yaml")).startsWith("FAULT");
    assertThat(said.findings().get("ROUTES files")).startsWith("OK");
  }

  @Test
  void routesOfOnesOwnAreLoadedAndNotStarted() throws IOException {
    installation.set("caravan.routes.directory", ".");
    Path touched = directory.resolve("touched");
    String route =
        """
        - route:
            from:
              uri: timer:now?delay=0
              steps:
                - to: { uri: "file:%s?fileName=touched" }
                - to: { uri: "%s" }
        """;
    installation.write("own.yaml", route.formatted(directory, "mock:end"));
    assertThat(check().findings().get("ROUTES files")).startsWith("OK");
    assertThat(touched).doesNotExist();

    installation.write("own.yaml", route.formatted(directory, "nosuch:end"));
    Said said = check();
    assertThat(said.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(said.findings().get("ROUTES files"))
        .contains("FAULT", "nosuch", "[caravan.routes.directory]");

    installation.write("own.yaml", route.formatted(directory, "mock:${exchangeProperty.runn.id}"));
    assertThat(check().findings().get("ROUTES files")).contains("FAULT", "own.yaml", "runn");
  }

  @Test
  void journalIsReadOrItsServerIsAsked() throws Exception {
    String journal = "JOURNAL jdbc:h2:file:" + directory.resolve("data/journal");
    Journal.open(installation.read().journal(), Clock.systemUTC()).close();
    assertThat(check().findings().get(journal)).startsWith("OK It can be read.");

    try (TestServer server = TestServer.start(installation.set("caravan.server.port", "0"))) {
      assertThat(check().findings().get(journal))
          .startsWith("OK The server has it open, process ")
          .contains(server.address().toString());
    }
    Files.writeString(directory.resolve("data/journal.mv.db"), "no database ".repeat(1000));
    assertThat(check().findings().get(journal)).contains("The file is damaged");
  }
}
