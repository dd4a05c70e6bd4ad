package dev.caravan.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private final Results results = new Results("ours", "Livy");

  private static Metric metric(Goal goal) {
    return new Metric("work", "what", "ms", goal);
  }

  private void add(Metric metric, double ours, double livys) {
    results.add(metric, "ours", ours);
    results.add(metric, "Livy", livys);
  }

  @Test
  void aRatioIsJudgedByMedians() {
    Metric metric = metric(new Goal.AtMostTimes(1));
    add(metric, 1, 5);
    add(metric, 100, 4);
    add(metric, 3, 3);

    assertThat(results.median(metric, "ours")).hasValue(3);
    assertThat(results.table()).contains("3.00", "4.00", "0.75", "<= 1 x Livy", "met");
    assertThat(results.allMet()).isTrue();
  }

  @Test
  void whatIsWorseThanItsGoalIsMissed() {
    add(metric(new Goal.AtLeastTimes(1)), 9, 10);

    assertThat(results.table()).contains("MISSED");
    assertThat(results.allMet()).isFalse();
  }

  @Test
  void aGoalBesideLivyIsNotMetWithoutLivyButOneOfOursIs() {
    results.add(metric(new Goal.AtMost(10)), "ours", 10);
    assertThat(results.allMet()).isTrue();

    results.add(metric(new Goal.AtMostTimes(0.1)), "ours", 1);
    assertThat(results.allMet()).isFalse();
  }

  @Test
  void aBaselineThatWasEndedIsALowerBound() {
    Metric metric = metric(new Goal.TimesBetter(10));
    results.add(metric, "ours", 30);
    results.addAtLeast(metric, "Livy", 300);

    assertThat(results.table()).contains("30.00", ">300.00", "<0.10", "<= Livy / 10", "met");
    assertThat(results.allMet()).isTrue();

    Metric ended = metric(new Goal.AtMost(1000));
    results.addAtLeast(ended, "ours", 30);
    assertThat(results.allMet()).isFalse();
  }

  @Test
  void theJsonHasEveryRound(@TempDir Path directory) throws Exception {
    add(metric(new Goal.AtLeast(2)), 2, 1);
    add(metric(new Goal.AtLeast(2)), 4, 1);
    Path file = directory.resolve("made/result.json");
    results.write(file, Map.of("processors", "2"));

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("processors").asText()).isEqualTo("2");
    JsonNode only = json.path("figures").get(0);
    assertThat(only.path("verdict").asText()).isEqualTo("met");
    assertThat(only.path("ours").path("rounds")).hasSize(2);
    assertThat(only.path("ours").path("median").asDouble()).isEqualTo(3);
  }
}
