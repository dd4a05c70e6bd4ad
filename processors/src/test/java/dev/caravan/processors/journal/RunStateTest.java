package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunStateTest {
  @Test
  void theseAndNoOtherTransitionsAreAllowed() {
    List<String> allowed = new ArrayList<>();
    for (RunState from : RunState.values()) {
      for (RunState to : RunState.values()) {
        if (Transitions.allows(from, to)) {
          allowed.add(from + " " + to);
        }
      }
    }
    assertThat(allowed)
        .containsExactlyInAnyOrder(
            "QUEUED RUNNING",
            "QUEUED FAILED",
            "QUEUED INTERRUPTED",
            "QUEUED CANCELLED",
            "RUNNING SUCCEEDED",
            "RUNNING FAILED",
            "RUNNING INTERRUPTED",
            "RUNNING CANCELLED");
  }

  @Test
  void batchesOfUnfinishedJobsMayBeAlive() {
    assertThat(JobState.values())
        .filteredOn(JobState::isInFlight)
        .containsExactly(JobState.SUBMITTING, JobState.SUBMITTED);
  }
}
