package dev.caravan.bench.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, as {@code ./caravan bench journal} runs it. */
class JournalBenchIT {
  private static final Duration BOUND = Duration.ofMinutes(3);

  @TempDir Path directory;

  /** Turkish has another lower case of I. */
  @Test
  void measuresEveryWorkOnATurkishMachine() throws Exception {
    Path figures = directory.resolve("figures.json");
    List<String> command =
        new ArrayList<>(
            ChildProcess.java(
                "256m",
                "-cp",
                Path.of("target", "caravan-bench.jar").toString(),
                "dev.caravan.bench.journal.JournalBench"));
    command.addAll(
        List.of("--databases=h2", "--runs=120", "--rounds=1", "--calls=3", "--out=" + figures));
    try (ChildProcess bench =
        ChildProcess.start(
            "the benchmark",
            command,
            Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR"),
            directory.resolve("output"))) {
      // 1: with so few calls a goal may be missed.
      assertThat(bench.exitCode(BOUND)).as(bench.log()).isPresent().get().isIn(0, 1);
      assertThat(bench.log())
          .containsPattern("(?m)^h2 +a run from its queueing to its end +ms +\\d+\\.\\d\\d ");
    }
    JsonNode measured = new ObjectMapper().readTree(figures.toFile()).get("figures");
    assertThat(measured)
        .extracting(figure -> figure.get("what").textValue())
        .contains("latest 50 runs", "reconciler", "tick, one date due");
    assertThat(measured)
        .allSatisfy(
            figure -> assertThat(figure.get("120 runs").get("median").doubleValue()).isPositive());
  }
}
