package dev.caravan.cloud.livy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.process.ChildProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivyServerIT {

  private static final Path HOME = Path.of("livy/target/livy");
  private static final List<String> SMALL = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1");

  @TempDir Path directory;

  @Test
  void runsBatchesIsKilledComesBackOnItsPortAndEndsWithItsBatches() throws Exception {
    FakeSparkHome spark = FakeSparkHome.create(directory.resolve("spark"));
    Path never = directory.resolve("never");
    long first;
    long second;
    URI uri;
    try (LivyServer livy = LivyServer.start(HOME, spark.home(), directory, Map.of(), SMALL)) {
      uri = livy.uri();
      first = livy.pid();
      assertThat(submit(uri, "await " + never)).contains("\"id\":0");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(spark.starts()).hasSize(1));
      livy.kill();
      assertThat(ProcessHandle.of(first)).isNotPresent();
      livy.restart();
      second = livy.pid();
      assertThat(livy.uri()).isEqualTo(uri);
      assertThat(waiting(never)).hasSize(1);
    }
    assertThat(ProcessHandle.of(second)).isNotPresent();
    assertThat(waiting(never)).isEmpty();
  }

  /** The stand-ins that wait for this file. */
  private static List<ProcessHandle> waiting(Path file) {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().arguments().stream()
                    .flatMap(Stream::of)
                    .anyMatch(word -> word.contains(file.toString())))
        .toList();
  }

  private String submit(URI uri, String step) throws Exception {
    String body =
        "{\"file\": \"file:%s/jobs.jar\", \"className\": \"Any\", \"args\": [\"%s\"]}"
            .formatted(directory, step);
    HttpRequest post =
        HttpRequest.newBuilder(uri.resolve("/batches"))
            .header("Content-Type", "application/json")
            .timeout(ChildProcess.PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void saysWithItsLogWhyItDoesNotStart() {
    assertThatThrownBy(
            () -> LivyServer.start(HOME, directory.resolve("nowhere"), directory, Map.of(), SMALL))
        .hasMessageContaining("the stock Livy ended with exit code 1")
        .hasMessageContaining("SPARK_HOME path does not exist");
  }
}
