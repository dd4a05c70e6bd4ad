package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.s3.S3Access;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings file for the orchestrator's jar, and the files with its credentials: what a user
 * would write for the real cloud, with the local one's addresses and short polls.
 */
public final class OrchestratorSettings {

  private final LocalCloud cloud;
  private final Path directory;
  private final Map<String, String> keys = new LinkedHashMap<>();

  private OrchestratorSettings(LocalCloud cloud, Path directory) {
    this.cloud = cloud;
    this.directory = directory;
  }

  /**
   * Writes the settings.
   *
   * @param pipeline its file is written beside them
   * @return the file for {@code --config}
   */
  public static Path write(LocalCloud cloud, Path directory, DemoPipeline pipeline)
      throws IOException {
    pipeline.write(directory);
    return PrivateFile.write(directory.resolve("demo.properties"), of(cloud, directory).keys, "=");
  }

  /** The same for a server, in the file that a command finds in its directory by itself. */
  static Path writePlayground(LocalCloud cloud, Path directory, DemoPipeline pipeline)
      throws IOException {
    pipeline.write(directory);
    OrchestratorSettings settings = of(cloud, directory);
    settings.set("server.port", 0);
    return PrivateFile.write(directory.resolve("application.properties"), settings.keys, "=");
  }

  private static OrchestratorSettings of(LocalCloud cloud, Path directory) throws IOException {
    OrchestratorSettings settings = new OrchestratorSettings(cloud, directory);
    settings.yandex();
    settings.cluster();
    settings.s3();
    settings.set("journal.url", "jdbc:h2:file:" + directory.resolve("journal"));
    return settings;
  }

  private void yandex() {
    String address = cloud.yandex().address();
    set("yandex.dataproc", address);
    set("yandex.operations", address);
    set("yandex.iam", address);
    set("yandex.ca-file", cloud.yandex().certificate());
    set("yandex.credentials", "service-account-key");
    set("yandex.key-file", cloud.yandex().serviceAccountKey());
  }

  private void cluster() throws IOException {
    set("cluster.main.id", LocalCloud.CLUSTER);
    set("cluster.main.poll", "1s");
    set("cluster.main.start-timeout", "3m");
    set("cluster.main.stop-timeout", "2m");
    set("cluster.main.endpoint.scheme", "http");
    set("cluster.main.endpoint.port", cloud.cluster().uri().getPort());
    set(
        "cluster.main.endpoint.credentials-file",
        PrivateFile.write(
            directory.resolve("endpoint-token.properties"),
            "bearer=" + cloud.cluster().bearerToken() + "\n"));
    set("cluster.main.endpoint.ready-timeout", "2m");
  }

  private void s3() throws IOException {
    S3Access access = cloud.s3().access();
    set("s3.endpoint", access.endpoint());
    set("s3.region", access.region());
    set("s3.path-style", true);
    Map<String, String> credentials = new LinkedHashMap<>();
    credentials.put("access-key-id", access.accessKeyId());
    credentials.put("secret-access-key", access.secretAccessKey());
    set(
        "s3.credentials-file",
        PrivateFile.write(directory.resolve("s3-keys.properties"), credentials, "="));
  }

  private void set(String key, Object value) {
    keys.put("caravan." + key, value.toString());
  }
}
