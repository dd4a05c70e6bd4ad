package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.s3.FaultyS3Proxy;
import dev.caravan.jobs.s3.LocalS3;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From raw events to a datamart on a real S3 server, and a process that is killed at its commit.
 */
@Tag("slow")
class S3ApplicationTest {
  private static final String MART = "users-demographic-dm";
  private static final String DAY = "marts/" + MART + "/date=2022-05-03";

  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private final LocalS3 s3 = LocalS3.running();
  private final String bucket = s3.bucket();

  private String at(String path) {
    return "s3a://" + bucket + "/" + path;
  }

  private String[] words(String job, String src, String tgt) {
    return new String[] {
      job,
      "--date",
      "2022-05-03",
      "--depth",
      "3",
      "--src",
      at(src),
      "--tgt",
      at(tgt),
      "--coords",
      "file:" + root.resolve("cities"),
      "--summary",
      at("summary.json")
    };
  }

  private ExitCode run(String job, String src, String tgt) {
    return Main.run(
        words(job, src, tgt), Clock.systemUTC(), Main::session, session -> {}, System.err);
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(s3.get(bucket, "summary.json")).get("jobs").get(0);
  }

  private List<String> rows(String path) {
    return spark.read().parquet(at(path)).collectAsList().stream().map(Object::toString).toList();
  }

  @Test
  void rawEventsBecomeADatamartThatAKilledProcessLeavesWhole() throws Exception {
    LocalS3.reach(spark.sparkContext().hadoopConfiguration(), bucket, s3.address());
    new TestLake(root).cities();
    String event =
        """
        {"event":{"message_id":1,"message_from":%d,"message_to":9,"message_ts":"%sT10:00:00"},"event_type":"message","lat":-33.8,"lon":151.2}
        """;
    s3.put(
        bucket,
        "raw/date=2022-05-01/a.json",
        event.formatted(1, "2022-05-01") + event.formatted(2, "2022-05-01") + "broken");
    s3.put(bucket, "raw/date=2022-05-03/{a}:[1] 100%.json", event.formatted(3, "2022-05-03"));

    assertThat(run("events-layer", "raw", "events")).isEqualTo(ExitCode.SUCCESS);
    assertThat(s3.data(bucket, "events/event_type=")).hasSize(2);
    assertThat(rows("events/_rejected/date=2022-05-03"))
        .singleElement()
        .asString()
        .contains("[not");
    assertThat(s3.objects(bucket, "events/").keySet())
        .noneMatch(key -> key.contains("__magic") || key.endsWith("/"));
    assertThat(s3.pendingUploads(bucket)).isEmpty();
    assertThat(summary().get("committer").textValue()).isEqualTo("magic");
    assertThat(summary().get("spark").get("driverStorageRequests").longValue()).isPositive();

    assertThat(run(MART, "events", "marts")).isEqualTo(ExitCode.SUCCESS);
    List<String> former = rows(DAY);
    assertThat(former).hasSize(3);
    List<String> objects = s3.data(bucket, DAY);
    assertThat(objects).hasSize(1);

    try (FaultyS3Proxy line = new FaultyS3Proxy(s3.address())) {
      line.cutAt(request -> request.startsWith("POST") && request.contains("uploadId="));
      Process process = process(line, words(MART, "events", "marts"));
      try {
        assertThat(line.cut().await(2, TimeUnit.MINUTES)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 9);
    }
    assertThat(s3.data(bucket, DAY)).isEqualTo(objects);
    assertThat(rows(DAY)).isEqualTo(former);
    assertThat(s3.pendingUploads(bucket)).hasSize(1).first().asString().startsWith(DAY + "/part-");

    assertThat(run(MART, "events", "marts")).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows(DAY)).isEqualTo(former);
    assertThat(s3.data(bucket, DAY)).hasSize(1).isNotEqualTo(objects);
    assertThat(s3.objects(bucket, DAY)).hasSize(3);
    assertThat(s3.pendingUploads(bucket)).isEmpty();
  }

  /** The same main class in a process of its own, whose requests take this line. */
  private Process process(FaultyS3Proxy line, String[] words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-X"))
        .forEach(command::add);
    Map<String, String> conf =
        Map.of(
            "spark.master", "local[1]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1");
    conf.forEach((key, value) -> command.add("-D" + key + "=" + value));
    LocalS3.settings(bucket, line.address())
        .forEach((key, value) -> command.add("-Dspark.hadoop." + key + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(root.resolve("output").toFile())
        .start();
  }
}
