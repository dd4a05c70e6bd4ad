package dev.caravan.bench.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private final Ledger ledger = new Ledger("ours", "Livy");

  private static Figure figure(Goal goal) {
    return new Figure("work", "what", "ms", goal);
  }

  private void add(Figure figure, double ours, double livys) {
    ledger.add(figure, "ours", ours);
    ledger.add(figure, "Livy", livys);
  }

  @Test
  void aRatioIsJudgedByMedians() {
    Figure figure = figure(new Goal.AtMostTimes(1));
    add(figure, 1, 5);
    add(figure, 100, 4);
    add(figure, 3, 3);

    assertThat(ledger.median(figure, "ours")).hasValue(3);
    assertThat(ledger.table()).contains("3.00", "4.00", "0.75", "<= 1 x Livy", "met");
    assertThat(ledger.allMet()).isTrue();
  }

  @Test
  void whatIsWorseThanItsGoalIsMissed() {
    add(figure(new Goal.AtLeastTimes(1)), 9, 10);

    assertThat(ledger.table()).contains("MISSED");
    assertThat(ledger.allMet()).isFalse();
  }

  @Test
  void aGoalBesideLivyIsNotMetWithoutLivyButOneOfOursIs() {
    ledger.add(figure(new Goal.AtMost(10)), "ours", 10);
    assertThat(ledger.allMet()).isTrue();

    ledger.add(figure(new Goal.AtMostTimes(0.1)), "ours", 1);
    assertThat(ledger.allMet()).isFalse();
  }

  @Test
  void aBaselineThatWasEndedIsALowerBound() {
    Figure figure = figure(new Goal.TimesBetter(10));
    ledger.add(figure, "ours", 30);
    ledger.addAtLeast(figure, "Livy", 300);

    assertThat(ledger.table()).contains("30.00", ">300.00", "<0.10", "<= Livy / 10", "met");
    assertThat(ledger.allMet()).isTrue();

    Figure ended = figure(new Goal.AtMost(1000));
    ledger.addAtLeast(ended, "ours", 30);
    assertThat(ledger.allMet()).isFalse();
  }

  @Test
  void theJsonHasEveryRound(@TempDir Path directory) throws Exception {
    add(figure(new Goal.AtLeast(2)), 2, 1);
    add(figure(new Goal.AtLeast(2)), 4, 1);
    Path file = directory.resolve("made/result.json");
    ledger.write(file, Map.of("processors", "2"));

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("processors").asText()).isEqualTo("2");
    JsonNode only = json.path("figures").get(0);
    assertThat(only.path("verdict").asText()).isEqualTo("met");
    assertThat(only.path("ours").path("rounds")).hasSize(2);
    assertThat(only.path("ours").path("median").asDouble()).isEqualTo(3);
  }
}
