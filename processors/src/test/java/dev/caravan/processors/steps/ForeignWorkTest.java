package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ForeignWorkTest {
  @RegisterExtension final Stage stage = new Stage();

  private Optional<String> find() {
    return stage
        .foreignWork(StopPolicy.OURS)
        .find(stage.clusterId, Optional.of(stage.endpoint.uri()), false);
  }

  @Test
  void namesOfStrangersStayOnOneLineAndShort() {
    stage.endpointRuns(
        false, List.of(Stage.batch(1, "running", "a\\n2026 ERROR \\u001b[2J" + "x".repeat(5000))));

    assertThat(find().orElseThrow()).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(250);
  }

  @Test
  void manyBatchesAreCountedNotListed() {
    stage.endpointRuns(
        false,
        IntStream.range(0, 250).mapToObj(id -> Stage.batch(id, "running", "b" + id)).toList());

    assertThat(find().orElseThrow()).contains("batch 0 (b0").endsWith("and 245 more");
  }

  @Test
  void journalThatCannotBeReadTellsOwnBatchesByTheirNames() {
    Journal closed = Journal.open(JournalConfig.of("jdbc:h2:mem:closed"), stage.clock);
    closed.close();
    ForeignWork foreignWork =
        new ForeignWork(
            closed, stage.batches, stage.master(), () -> List.of("marts"), StopPolicy.OURS);
    stage.endpointRuns(false, List.of(Stage.batch(1, "running", "marts/job/2026-11-21/1")));
    assertThat(foreignWork.find(stage.clusterId, Optional.empty(), false)).isEmpty();

    stage.endpointRuns(false, List.of(Stage.batch(1, "running", "martsy/job/2026-11-21/1")));
    assertThat(foreignWork.find(stage.clusterId, Optional.empty(), false)).isPresent();
  }

  @Test
  void connectionThatDropsOnceIsNotTheEndOfTheQuestion() {
    int[] calls = new int[1];
    stage.endpoint.answers(
        http -> {
          if (calls[0]++ > 0) {
            ScriptedEndpoint.reply(
                http,
                200,
                "application/json",
                "{\"lapsed\":false,\"foreignApplications\":[{\"id\":\"a_1\",\"name\":\"n\",\"user\":\"ann\"}]}");
          }
        });

    assertThat(find().orElseThrow()).contains("a_1 (n, of ann)");
  }
}
