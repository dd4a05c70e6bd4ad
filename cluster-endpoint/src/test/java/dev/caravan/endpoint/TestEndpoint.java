package dev.caravan.endpoint;

import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.SettingsSource;
import java.nio.file.Path;
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
    FakeSubmit submit = new FakeSubmit(directory);
    Map<String, String> settings = settings(directory, submit);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new TestEndpoint(
        RunningEndpoint.start(EndpointSettings.from(new SettingsSource(settings))), submit);
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
