package dev.caravan.endpoint.yarn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A ResourceManager, as "ResourceManager REST API's" of Hadoop 3.3 describes it. Every call ends
 * within seconds. Thread-safe.
 */
public final class ResourceManager {
  private static final String LIVING = "NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING";
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final ObjectMapper json = new ObjectMapper();

  /** The ResourceManager whose web address is {@code base}, like {@code http://master:8088}. */
  public ResourceManager(URI base) {
    this.base = base;
  }

  /** The newest application with this tag, in whatever state. */
  public Optional<YarnApplication> application(String tag)
      throws IOException, InterruptedException {
    return applications("applicationTags=" + encoded(tag)).stream()
        .max(Comparator.comparing(YarnApplication::id));
  }

  /** All applications that have not ended, from any submitter. */
  public List<YarnApplication> living() throws IOException, InterruptedException {
    return applications("states=" + LIVING);
  }

  /** Nodes that can run containers now. */
  public int activeNodes() throws IOException, InterruptedException {
    return get("/ws/v1/cluster/metrics").path("clusterMetrics").path("activeNodes").asInt();
  }

  /** Where YARN shows a running application. */
  public URI page(String application) {
    return base.resolve("/proxy/" + application + "/");
  }

  /**
   * Kills every living application with this tag, and looks until none is left. Killing is
   * asynchronous in YARN.
   *
   * @throws IOException if YARN doesn't answer, refuses, or still shows one after {@code patience}
   */
  public void endAll(String tag, Duration patience) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> living = living(tag);
    for (String application : living) {
      kill(application);
    }
    while (!living.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "YARN still runs " + living + " " + patience + " after it was told to kill it");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      living = living(tag);
    }
  }

  private List<String> living(String tag) throws IOException, InterruptedException {
    return applications("applicationTags=" + encoded(tag) + "&states=" + LIVING).stream()
        .map(YarnApplication::id)
        .toList();
  }

  private List<YarnApplication> applications(String query)
      throws IOException, InterruptedException {
    List<YarnApplication> found = new ArrayList<>();
    // None at all is {"apps":{}} or {"apps":null}.
    get("/ws/v1/cluster/apps?" + query)
        .path("apps")
        .path("app")
        .forEach(
            app ->
                found.add(
                    new YarnApplication(
                        app.path("id").asText(),
                        app.path("state").asText(),
                        app.path("finalStatus").asText(),
                        app.path("name").asText(),
                        app.path("user").asText(),
                        List.of(app.path("applicationTags").asText().split(",")))));
    return found;
  }

  private void kill(String application) throws IOException, InterruptedException {
    String user = encoded(System.getProperty("user.name"));
    HttpRequest request =
        request("/ws/v1/cluster/apps/" + application + "/state?user.name=" + user)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"state\":\"KILLED\"}"))
            .build();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200 && response.statusCode() != 202) {
      throw new IOException(
          "YARN answered " + response.statusCode() + " when told to kill " + application);
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("YARN at " + base + " answered " + response.statusCode());
    }
    return json.readTree(response.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(ANSWER)
        .header("Accept", "application/json");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
