package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.caravan.cloud.process.ChildProcess;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./caravan demo} runs, with all the real parts: three Spark jobs on the shipped jars,
 * the local cloud around them.
 */
class EndToEndIT {
  private static final Duration BOUND = Duration.ofMinutes(6);

  @TempDir Path directory;

  private record Demo(Optional<Integer> exitCode, String output) {}

  private Demo demo(String... options) throws IOException, InterruptedException {
    return demo(Map.of(), options);
  }

  /**
   * @param environment of it and of its children, beside ours
   */
  private Demo demo(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    // Its children, which run the other jars, inherit it. Turkish has another lower case of I.
    Map<String, String> all =
        new TreeMap<>(Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR"));
    all.putAll(environment);
    List<String> command =
        new ArrayList<>(
            ChildProcess.jar(
                "512m", Path.of("..", "local-cloud", "target", "caravan-local-cloud.jar")));
    command.addAll(List.of("--rows=20000", "--keep=" + directory.resolve("kept")));
    command.addAll(List.of(options));
    try (ChildProcess demo =
        ChildProcess.start("the demo", command, all, directory.resolve("output"))) {
      Optional<Integer> exitCode = demo.exitCode(BOUND);
      return new Demo(exitCode, demo.log());
    }
  }

  @Test
  void theDemoMakesAndVerifiesAllThreeDatamartsAndStopsTheCluster() throws Exception {
    try (OtlpCollector collector = OtlpCollector.start()) {
      Demo demo = demo(Map.of("CARAVAN_TRACES_ENDPOINT", collector.url()));
      assertMade(demo);
      assertThat(collector.accepted()).as(demo.output()).hasSize(1);
      assertStages(collector.accepted().get(0).spans());
    }
  }

  /** As Spark itself has told them. */
  private static void assertStages(List<Span> spans) {
    Map<ByteString, Span> byId =
        spans.stream().collect(Collectors.toMap(Span::getSpanId, Function.identity()));
    List<Span> stages = spans.stream().filter(span -> span.getName().startsWith("stage ")).toList();
    assertThat(stages)
        .isNotEmpty()
        .allSatisfy(
            stage ->
                assertThat(byId.get(stage.getParentSpanId()).getName()).isEqualTo("job datamarts"))
        .allSatisfy(
            stage ->
                assertThat(stage.getEndTimeUnixNano())
                    .isGreaterThanOrEqualTo(stage.getStartTimeUnixNano()));
    assertThat(stages)
        .flatExtracting(Span::getAttributesList)
        .filteredOn(each -> each.getKey().equals("spark.stage.tasks"))
        .hasSameSizeAs(stages)
        .allSatisfy(tasks -> assertThat(tasks.getValue().getIntValue()).isPositive());
  }

  private static void assertMade(Demo demo) {
    assertThat(demo.exitCode()).as(demo.output()).contains(0);
    assertThat(demo.output()).containsPattern("(?m)^cluster: STOPPED$");
    for (String mart :
        List.of(
            "users-demographic-dm",
            "events-total-cnt-agg-wk-mnth-dm",
            "add-to-friends-recommendations-dm")) {
      assertThat(demo.output())
          .as("a row of the table, and the datamart's first rows")
          .containsPattern(
              "datamarts +VERIFIED +[\\d.]+ +[1-9][\\d,]* +[\\d,]+ +s3://lake/datamarts/"
                  + mart
                  + "/")
          .containsPattern(mart + ", date=[\\d-]+: [1-9][\\d,]* rows");
    }
    assertThat(demo.output()).contains("run", "SUCCEEDED", "cluster seconds: ");
    assertThat(demo.output())
        .containsPattern("(?m)^log of datamarts: s3://lake/logs/caravan-1-\\w+/$");
  }

  /**
   * With a stand-in for spark-submit, which fails if it is told of the cities that aren't there;
   * that a job of ours fails then is a test of the jobs'.
   */
  @Test
  void aJobThatFailsFailsTheDemoAndTheClusterIsStoppedAllTheSame() throws Exception {
    Path submit = Files.createDirectories(directory.resolve("spark/bin")).resolve("spark-submit");
    Files.writeString(
        submit,
        """
        #!/bin/sh
        case " $* " in
          *" users-demographic-dm "*"/no-such-cities "*) echo "caravan-spark-jobs: no cities" >&2; exit 66 ;;
        esac
        """);
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Demo demo =
        demo(
            "--fail",
            "users-demographic-dm",
            "--rows=300",
            "--spark-home=" + directory.resolve("spark"));
    assertThat(demo.exitCode()).as(demo.output()).contains(1);
    assertThat(demo.output())
        .contains("FAILED", "users-demographic-dm failed", "exit code", "(log: s3://lake/logs/")
        .contains("no cities")
        .containsPattern("events-total-cnt-agg-wk-mnth-dm +UPSTREAM_FAILED")
        .doesNotContain("SUCCEEDED");
    assertThat(demo.output()).containsPattern("(?m)^cluster: STOPPED$");
  }
}
