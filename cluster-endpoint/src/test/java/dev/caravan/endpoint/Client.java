package dev.caravan.endpoint;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of the endpoint in its barest form. */
final class Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int port;
  private final String authorization;

  Client(int port, String authorization) {
    this.port = port;
    this.authorization = authorization;
  }

  Client(int port) {
    this(port, "");
  }

  int port() {
    return port;
  }

  Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Reply(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  Reply get(String path) {
    return send("GET", path, "");
  }

  Reply post(String body, String... headers) {
    return send("POST", "/batches", body, headers);
  }

  Reply delete(String path) {
    return send("DELETE", path, "");
  }

  /** Submits a batch that does these steps, and returns its id. */
  String submit(String... steps) {
    Reply reply = post(body(steps));
    if (reply.status() != 201) {
      throw new AssertionError("Not accepted: " + reply.response().body());
    }
    return reply.id();
  }

  static String body(String... steps) {
    return "{\"file\":\"s3a://code/job.jar\",\"args\":["
        + String.join(",", List.of(steps).stream().map(s -> '"' + s + '"').toList())
        + "]}";
  }

  String state(String id) {
    return get("/batches/" + id + "/state").json().path("state").asText();
  }

  void awaitState(String id, String state) {
    await("batch " + id + " to be " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> state(id).equals(state));
  }

  /** All lines of a batch's log. */
  List<String> log(String id) {
    List<String> lines = new ArrayList<>();
    get("/batches/" + id + "/log?from=0&size=-1")
        .json()
        .path("log")
        .forEach(line -> lines.add(line.asText()));
    return lines;
  }
}
