package dev.caravan.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.SettingsSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The real server in this JVM on a free loopback port, with a fake spark-submit. */
final class TestEndpoint implements AutoCloseable {
  private final RunningEndpoint endpoint;
  private final FakeSubmit submit;

  private TestEndpoint(RunningEndpoint endpoint, FakeSubmit submit) {
    this.endpoint = endpoint;
    this.submit = submit;
  }

  static TestEndpoint start(Path directory, String... keysAndValues) throws Exception {
    return start(Clock.systemUTC(), directory, keysAndValues);
  }

  static TestEndpoint start(Clock clock, Path directory, String... keysAndValues) throws Exception {
    FakeSubmit submit = new FakeSubmit(directory);
    Map<String, String> settings = settings(directory, submit);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new TestEndpoint(
        RunningEndpoint.start(EndpointSettings.from(new SettingsSource(settings)), clock), submit);
  }

  static Map<String, String> settings(Path directory, FakeSubmit submit) {
    return new TreeMap<>(
        Map.of(
            "endpoint.port", "0",
            "endpoint.data-dir", directory.resolve("data").toString(),
            "endpoint.spark-submit", submit.path().toString(),
            "endpoint.allowed-files", "s3a://code/",
            "endpoint.kill-grace", "300ms",
            "endpoint.on-stop", "kill"));
  }

  /** A document that an endpoint has on disk about a batch, deleted or not. */
  static JsonNode document(Path directory, String id, String name) throws IOException {
    Path batch = directory.resolve("data/batches/%06d".formatted(Integer.valueOf(id)));
    return new ObjectMapper().readTree(batch.resolve(name).toFile());
  }

  /** The state that a batch ended with, as it is on disk. */
  static String recordedState(Path directory, String id) throws IOException {
    return document(directory, id, "outcome.json").path("state").asText().toLowerCase(Locale.ROOT);
  }

  int port() {
    return endpoint.port();
  }

  Client client() {
    return new Client(port());
  }

  FakeSubmit submit() {
    return submit;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
