package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of docs/clients.md, run as they stand: set-up, {@code ./caravan endpoint}, curl. */
class ClientsPageIT {
  private static final Path PAGE = Path.of("../docs/clients.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @TempDir Path directory;
  private Process endpoint;

  @AfterEach
  void stop() throws Exception {
    if (endpoint != null) {
      endpoint.destroy();
      if (!endpoint.waitFor(15, TimeUnit.SECONDS)) {
        endpoint.destroyForcibly();
      }
    }
  }

  private Process run(String block, Map<String, String> environment, String log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", block)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(log).toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  @Test
  void everyBlockDoesWhatThePageSays() throws Exception {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertThat(blocks).hasSize(3);

    Process setUp = run(blocks.get(0), Map.of(), "set-up.log");
    assertThat(setUp.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(setUp.exitValue()).isZero();

    String caravan = Path.of("../caravan").toRealPath().toString();
    endpoint =
        run("exec " + blocks.get(1), Map.of("CARAVAN", caravan, "PORT", "0"), "endpoint.log");
    ReadySignal ready = ReadySignal.await(endpoint, directory.resolve("ready.json"));

    Process client =
        run(blocks.get(2), Map.of("URL", "http://127.0.0.1:" + ready.port()), "client.log");
    boolean ended = client.waitFor(120, TimeUnit.SECONDS);
    client.destroyForcibly();
    assertThat(directory.resolve("client.log"))
        .content()
        .endsWith("unknown id: {\"msg\":\"Session '999' not found.\"}\ndone\n");
    assertThat(ended).isTrue();
    assertThat(client.exitValue()).isZero();
  }

  @Test
  void aSettingThatIsMissingIsNamedAtOnce() throws Exception {
    Process refused =
        run(
            "exec \"$CARAVAN\" endpoint",
            Map.of("CARAVAN", Path.of("../caravan").toRealPath().toString()),
            "refused.log");

    assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(refused.exitValue()).isEqualTo(2);
    assertThat(directory.resolve("refused.log"))
        .content()
        .isEqualTo(
            "caravan-cluster-endpoint: The setting endpoint.allowed-files is required and was not given. (--help lists all settings)\n");
  }
}
