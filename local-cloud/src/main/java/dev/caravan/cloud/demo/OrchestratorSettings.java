package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.process.WrittenPipeline;
import dev.caravan.cloud.s3.S3Access;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings file for the orchestrator's jar, its pipeline, and the files with its credentials:
 * what a user would write for the real cloud, with the local one's addresses and short polls.
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
    settings.pipeline(raw, marts, failing).write(directory, "datamarts");
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

  /** One application makes all datamarts, unless one of them is to fail alone. */
  private static WrittenPipeline pipeline(boolean raw, List<Mart> marts, Optional<Mart> failing) {
    WrittenPipeline pipeline = new WrittenPipeline();
    if (raw) {
      pipeline.job(LAYER, layer());
    }
    if (failing.isEmpty()) {
      String name = marts.size() == 1 ? marts.get(0).job() : "datamarts";
      return pipeline.job(name, application(marts, "cities"));
    }
    for (Mart mart : marts) {
      String cities = failing.get().equals(mart) ? "no-such-cities" : "cities";
      pipeline.job(mart.job(), application(List.of(mart), cities));
    }
    return pipeline;
  }

  /** Its output is verified by the messages of the date. */
  private static Map<String, Object> layer() {
    return job(
        LAYER,
        List.of("--src", LAKE + "raw", "--tgt", LAKE + "events"),
        List.of(
            output(
                "events/event_type=message/date={date}/",
                List.of("message_id", "message_from", "message_to", "message_ts", "datetime"))));
  }

  private static Map<String, Object> application(List<Mart> marts, String cities) {
    return job(
        marts.stream().map(Mart::job).collect(Collectors.joining(",")),
        List.of("--src", LAKE + "events", "--coords", LAKE + cities, "--tgt", LAKE + "marts"),
        marts.stream().map(mart -> output(mart.prefix("{date}"), mart.columns())).toList());
  }

  private static Map<String, Object> output(String prefix, List<String> columns) {
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("at", "s3://" + LocalCloud.LAKE + "/" + prefix);
    output.put("rows", Map.of("min", 1));
    output.put("columns", columns);
    return output;
  }

  private static Map<String, Object> job(
      String marts, List<String> paths, List<Map<String, Object>> outputs) {
    String summary = "summaries/{job}/{date}.json";
    List<String> args =
        new ArrayList<>(
            List.of(marts, "--date", "{date}", "--depth", Integer.toString(DEPTH_DAYS)));
    args.addAll(paths);
    args.addAll(List.of("--summary", LAKE + summary));
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("file", "s3a://" + LocalCloud.CODE + "/" + LocalCloud.JOBS_JAR);
    job.put("class", "dev.caravan.jobs.Main");
    job.put("args", args);
    job.put("timeout", "10m");
    job.put("poll", "1s");
    job.put("outputs", outputs);
    job.put("summary", "s3://" + LocalCloud.LAKE + "/" + summary);
    return job;
  }

  private void set(String key, Object value) {
    keys.put("caravan." + key, value.toString());
  }
}
