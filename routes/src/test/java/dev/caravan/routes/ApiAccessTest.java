package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what over the API. */
class ApiAccessTest {
  @TempDir private static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestInstallation installation = TestServer.installation(directory);
    installation.write(
        "secrets/api.properties",
        "bearer.viewer=see\nrights.viewer=read\nbearer.team=do\nbearer.boss=all\nrights.boss=admin\n");
    server =
        TestServer.start(
            installation.set("caravan.server.credentials-file", "secrets/api.properties"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> ask(String method, String path, String token)
      throws Exception {
    HttpRequest.Builder request =
        server.request(path).method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return server.send(request.build());
  }

  /** The stream of events is no route: the guard must precede it all the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/server",
        "/runs",
        "/events",
        "/openapi.json",
        "/nothing",
        "/../..",
        "//runs",
        ""
      })
  void nobodySeesAnythingWithoutCredentials(String path) throws Exception {
    for (String token : new String[] {"", "wrong"}) {
      HttpResponse<String> answer = ask("GET", path, token);
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /runs, see, 200",
    "GET, /pipelines/marts, see, 200",
    "POST, /pipelines/marts/pause, see, 403",
    "POST, //pipelines//marts/pause, see, 403",
    "POST, /pipelines/marts/%70ause, see, 403",
    "POST, /./pipelines/marts/pause, see, 403",
    "POST, /pipelines/marts/pause/, see, 403",
    "POST, /backfills/plan, see, 400",
    "POST, /backfills, see, 403",
    "POST, /pipelines/marts/resume, do, 200",
    "POST, /pipelines/marts/resume, all, 200"
  })
  void eachDoesWhatItsRightsAllow(String method, String path, String token, int status)
      throws Exception {
    HttpResponse<String> answer = ask(method, path, token);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(server.journal().queue().pause("marts")).as("a reader pauses nothing").isEmpty();
  }

  @Test
  void tokenOfTheServersFileLetsInUnderTheNameThatItsHolderSays() throws Exception {
    String token = ServerFile.read(directory.resolve("data/server.json")).orElseThrow().token();
    String[] asAnn = {"Authorization", "Bearer " + token, "X-Caravan-Actor", "ann"};
    String[] asTeam = {"Authorization", "Bearer do", "X-Caravan-Actor", "ann"};

    assertThat(TestServer.json(server.get("/server", asAnn)).path("actor").asText())
        .isEqualTo("ann");
    assertThat(TestServer.json(server.get("/server", asTeam)).path("actor").asText())
        .as("a credential of one's own is a name already")
        .isEqualTo("team");
  }

  @ParameterizedTest
  @CsvSource({
    "caravan.server.host, 0.0.0.0, since other machines reach it",
    "caravan.server.host, nowhere.invalid, an address or a name of this machine",
    "caravan.server.port, 70000, a whole number from 0 to 65535",
    "caravan.server.tls-keystore, secrets/key.json, the keystore and its password",
    "caravan.server.credentials-file, secrets/s3.properties, a file of credentials",
    "caravan.server.prot, 1, did you mean caravan.server.port?"
  })
  void settingsThatWouldLetAnybodyInAreRefused(
      String key, String value, String words, @TempDir Path other) throws IOException {
    TestInstallation installation = new TestInstallation(other).set(key, value);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining(words);
  }

  @Test
  void beyondLoopbackCredentialsAloneAreNotEnough(@TempDir Path other) throws IOException {
    TestInstallation installation =
        new TestInstallation(other).set("caravan.server.host", "0.0.0.0");
    installation.write("secrets/api.properties", "bearer.team=do\n");
    installation.set("caravan.server.credentials-file", "secrets/api.properties");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.server.tls-keystore");
  }
}
