package dev.caravan.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.Journal;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server in this process, without a cloud, and a client of it. */
final class TestServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final TestInstallation installation;
  private final CaravanApplication application;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private boolean closed;

  private TestServer(TestInstallation installation) throws Exception {
    this.installation = installation;
    this.application = CaravanApplication.startServer(installation.read(), Clock.systemUTC());
  }

  /** Settings that a server on a free port needs. */
  static TestInstallation installation(Path directory) throws IOException {
    return new TestInstallation(directory).set("caravan.server.port", "0");
  }

  static TestServer start(TestInstallation installation) throws Exception {
    return new TestServer(installation);
  }

  URI address() {
    return application.address();
  }

  Journal journal() {
    return application.journal();
  }

  /**
   * A request for a path below {@code /api/v1}.
   *
   * @param headers names and values in turn
   */
  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + "/api/v1" + path))
            .timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? request : request.headers(headers);
  }

  /** A request for a path of the page. */
  HttpRequest.Builder page(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    // The request's own time-out ends with the head of the answer; a stream has no end.
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .get(20, TimeUnit.SECONDS);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(request(path, headers).build());
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpClient client() {
    return client;
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      close(application);
    }
  }

  /**
   * Closes a server none of whose routes drives the runs that a test has claimed: the shutdown
   * would wait for their end.
   */
  static void close(CaravanApplication application) {
    Journal journal = application.journal();
    journal.runs().latest(100).forEach(journal.claims()::letGo);
    application.close();
  }
}
