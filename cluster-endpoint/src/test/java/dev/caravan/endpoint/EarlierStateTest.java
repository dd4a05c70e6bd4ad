package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an endpoint of an earlier version has left on its disk, killed with one batch running: an
 * upgrade goes on with it. Each directory was written by a build of that day, with a spark-submit
 * that prints two lines.
 */
@Tag("slow")
class EarlierStateTest {
  @TempDir Path directory;

  private void unpack(String day) throws Exception {
    Path archive = directory.resolve("state.tar.gz");
    try (InputStream kept =
        EarlierStateTest.class.getResourceAsStream("/state-" + day + ".tar.gz")) {
      Files.copy(kept, archive);
    }
    Path data = Files.createDirectory(directory.resolve("data"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", data.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-28", "2026-11-29"})
  void stateOfAnEarlierVersionIsTakenUp(String day) throws Exception {
    unpack(day);
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      assertThat(client.state("1")).isEqualTo("success");
      assertThat(client.log("1")).contains("it prints exit0", "caravan-spark-jobs: it complains");
      JsonNode failed = client.get("/batches/2").json();
      assertThat(failed.path("state").asText()).isEqualTo("dead");
      assertThat(failed.path("exitCode").asInt()).isEqualTo(7);

      client.awaitState("3", "dead");
      assertThat(client.log("3")).as("the batch that was running").contains("it prints stay");
      assertThat(client.get("/lease").json().path("selfStop").path("armed").asBoolean())
          .as("its lease is read; it lapsed long ago")
          .isFalse();
      assertThat(client.submit("exit 0")).as("numbers go on").isEqualTo("4");
      client.awaitState("4", "success");
      assertThat(client.get("/batches").json().path("total").asInt()).isEqualTo(4);
    }
  }
}
