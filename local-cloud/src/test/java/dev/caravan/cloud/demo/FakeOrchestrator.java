package dev.caravan.cloud.demo;

import dev.caravan.cloud.parquet.ParquetFile;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.ApiClient;
import dev.caravan.cloud.yandex.JwtForge;
import java.io.FileReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.dataproc.v1.Common.Health;

/**
 * Stands for the orchestrator's jar: reads the demo's settings and pipeline, starts the cluster,
 * leaves rows in S3, stops the cluster. A job that is told of no cities makes it end with 3; on
 * 2020-01-01 it waits for ever while the cluster runs, on 2020-01-02 it leaves no rows, on
 * 2020-01-02 it leaves the cluster running.
 */
public final class FakeOrchestrator {
  private static final Pattern OUTPUT = Pattern.compile("at: \"(s3://[^\"]+)\"");

  private final Properties settings = new Properties();
  private final String date;
  private final Path aliveMark;
  private final Path pipeline;

  private FakeOrchestrator(String date, String config) throws IOException {
    this.date = date;
    aliveMark = aliveMark(Path.of(config));
    pipeline = Path.of(config).resolveSibling("pipelines/datamarts.yaml");
    try (FileReader file = new FileReader(config)) {
      settings.load(file);
    }
  }

  /** A file that exists once the fake with these settings has seen its cluster ALIVE. */
  static Path aliveMark(Path config) {
    return config.resolveSibling("fake-saw-alive");
  }

  public static void main(String[] args) throws Exception {
    String given = String.join(" ", args);
    if (!given.matches("run --date \\S+ --config \\S+")) {
      throw new IllegalArgumentException(given);
    }
    System.exit(new FakeOrchestrator(args[2], args[4]).run());
  }

  private String setting(String key) {
    return settings.getProperty("caravan." + key);
  }

  private int run() throws Exception {
    try (ApiClient client =
        ApiClient.connect(setting("yandex.dataproc"), Path.of(setting("yandex.ca-file")))) {
      JwtForge jwt = new JwtForge(Path.of(setting("yandex.key-file")), Instant.now());
      client.bearer(client.exchangeJwt(jwt.sign()).getIamToken());
      StartClusterRequest start =
          StartClusterRequest.newBuilder().setClusterId(setting("cluster.main.id")).build();
      System.out.println("fake: " + client.clusters().start(start).getDescription());
      await(client, cluster -> cluster.getHealth() == Health.ALIVE);
      Files.createFile(aliveMark);
      if (date.equals("2020-01-01")) {
        TimeUnit.HOURS.sleep(1);
      }
      boolean failed = work();
      if (!date.equals("2020-01-02")) {
        StopClusterRequest stop =
            StopClusterRequest.newBuilder().setClusterId(setting("cluster.main.id")).build();
        System.out.println("fake: " + client.clusters().stop(stop).getDescription());
        await(client, cluster -> cluster.getStatus() == Cluster.Status.STOPPED);
      }
      return failed ? 3 : 0;
    }
  }

  private void await(ApiClient client, Predicate<Cluster> until) throws InterruptedException {
    GetClusterRequest get =
        GetClusterRequest.newBuilder().setClusterId(setting("cluster.main.id")).build();
    while (!until.test(client.clusters().get(get))) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private boolean work() throws IOException {
    Properties keys = new Properties();
    try (FileReader file = new FileReader(setting("s3.credentials-file"))) {
      keys.load(file);
    }
    S3Access access =
        new S3Access(
            URI.create(setting("s3.endpoint")),
            setting("s3.region"),
            keys.getProperty("access-key-id"),
            keys.getProperty("secret-access-key"));
    try (S3Client s3 = S3Server.client(access)) {
      String job = "";
      for (String line : Files.readAllLines(pipeline)) {
        if (line.matches("  [a-z-]+:")) {
          job = line.strip().replace(":", "");
        }
        if (line.contains("no-such-cities")) {
          System.err.println("fake: job " + job + " failed");
          return true;
        }
        for (MatchResult at : OUTPUT.matcher(line).results().toList()) {
          if (!date.equals("2020-01-02")) {
            leaveRow(
                s3,
                URI.create(at.group(1).replace("{date}", date).replace("{lake}", LocalCloud.LAKE)));
          }
        }
      }
    }
    return false;
  }

  private static void leaveRow(S3Client s3, URI output) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message row { required int64 user_id; }");
    Path file = Files.createTempFile("mart", ".parquet");
    try (ParquetFile parquet = ParquetFile.create(file, schema)) {
      Group row = new SimpleGroup(schema);
      row.add("user_id", 4711L);
      parquet.write(row);
    }
    s3.putObject(
        put -> put.bucket(output.getHost()).key(output.getPath().substring(1) + "part.parquet"),
        RequestBody.fromFile(file));
    Files.delete(file);
  }
}
