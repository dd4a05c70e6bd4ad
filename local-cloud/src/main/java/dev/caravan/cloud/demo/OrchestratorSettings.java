package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.s3.S3Access;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings file for the orchestrator's jar, and the files with its credentials: what a user
 * would write for the real cloud, with the local one's addresses and short polls.
 */
final class OrchestratorSettings {

  private static final int DEPTH_DAYS = 30;
  private static final String LAYER = "events-layer";
  private static final String LAKE = "s3a://" + LocalCloud.LAKE + "/";

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
   * @param raw whether the events layer is made first, of raw events
   * @param marts the jobs that are run then, in order
   * @param failing the job that is told of a city dictionary that isn't there
   * @return the file for {@code --config}
   */
  static Path write(
      LocalCloud cloud, Path directory, boolean raw, List<Mart> marts, Optional<Mart> failing)
      throws IOException {
    OrchestratorSettings settings = new OrchestratorSettings(cloud, directory);
    settings.yandex();
    settings.cluster();
    settings.s3();
    settings.set("journal.url", "jdbc:h2:file:" + directory.resolve("journal"));
    List<String> jobs = new ArrayList<>(marts.stream().map(Mart::job).toList());
    if (raw) {
      jobs.add(0, LAYER);
    }
    settings.set("jobs", String.join(",", jobs));
    if (raw) {
      settings.layer();
    }
    for (Mart mart : marts) {
      settings.mart(mart, failing.filter(mart::equals).isPresent() ? "no-such-cities" : "cities");
    }
    return PrivateFile.write(directory.resolve("demo.properties"), settings.keys, "=");
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
    set("cluster.id", LocalCloud.CLUSTER);
    set("cluster.poll", "1s");
    set("cluster.start-timeout", "3m");
    set("cluster.stop-timeout", "2m");
    set("endpoint.scheme", "http");
    set("endpoint.port", cloud.cluster().uri().getPort());
    set(
        "endpoint.credentials-file",
        PrivateFile.write(
            directory.resolve("endpoint-token.properties"),
            "bearer=" + cloud.cluster().bearerToken() + "\n"));
    set("endpoint.ready-timeout", "2m");
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

  /** Its output is verified by the messages of the date. */
  private void layer() {
    job(
        LAYER,
        "--src %sraw --tgt %sevents".formatted(LAKE, LAKE),
        "events/event_type=message/date={date}/",
        List.of("message_id", "message_from", "message_to", "message_ts", "datetime"));
  }

  private void mart(Mart mart, String cities) {
    job(
        mart.job(),
        "--src %sevents --coords %s%s --tgt %smarts".formatted(LAKE, LAKE, cities, LAKE),
        mart.prefix("{date}"),
        mart.columns());
  }

  private void job(String job, String paths, String output, List<String> columns) {
    String summary = "summaries/" + job + "/{date}.json";
    String key = "job." + job + ".";
    set(key + "file", "s3a://" + LocalCloud.CODE + "/" + LocalCloud.JOBS_JAR);
    set(key + "class-name", "dev.caravan.jobs.Main");
    set(
        key + "args",
        "%s --date {date} --depth %d %s --summary %s%s"
            .formatted(job, DEPTH_DAYS, paths, LAKE, summary));
    set(key + "timeout", "10m");
    set(key + "poll", "1s");
    set(key + "output", "s3://" + LocalCloud.LAKE + "/" + output);
    set(key + "min-rows", 1);
    if (!columns.isEmpty()) {
      set(key + "columns", String.join(",", columns));
    }
    set(key + "summary", "s3://" + LocalCloud.LAKE + "/" + summary);
  }

  private void set(String key, Object value) {
    keys.put("caravan." + key, value.toString());
  }
}
