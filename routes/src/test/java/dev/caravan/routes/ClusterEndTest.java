package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterEndTest {
  private static final LocalDate DATE = LocalDate.of(2026, 11, 21);

  private Journal journal;

  @BeforeEach
  void open() {
    journal = Journal.open(JournalConfig.of("jdbc:h2:mem:cluster-end"), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Run claim(int day, String clusterId) {
    return ((Claim.Taken) journal.claims().claim("p", DATE.plusDays(day), clusterId, false)).run();
  }

  /** A run that started the cluster and whose stop is as told. */
  private Run owing(int day, String clusterId) {
    Run run = claim(day, clusterId);
    journal.sessions().open(run, clusterId, true);
    return run;
  }

  private void end(Run run, RunState state) {
    journal.runs().end(run, state, Optional.empty());
    journal.claims().endSession(run.clusterId().orElseThrow());
  }

  private ClusterEnd endOf(Run run) {
    return ClusterEnd.of(journal, "p", "c", Optional.of(run));
  }

  @Test
  void isStoppedOnceTheCloudSaidSo() {
    Run run = owing(0, "c");
    journal.sessions().stopAsked(run);
    end(run, RunState.SUCCEEDED);
    assertThat(endOf(run)).isEqualTo(new ClusterEnd(false, "STOP PENDING, check c in the console"));
    journal.sessions().stopped(run);
    assertThat(endOf(run)).isEqualTo(new ClusterEnd(true, "STOPPED"));
  }

  @Test
  void runThatNeverCameToTheClusterTellsWhatAnEarlierOneOwes() {
    end(owing(0, "c"), RunState.FAILED);
    Run failed = claim(1, "c");
    end(failed, RunState.FAILED);

    assertThat(endOf(failed).line()).startsWith("cluster: STOP PENDING, check c");
    assertThat(endOf(failed).stopped()).isFalse();
    assertThat(ClusterEnd.of(journal, "p", "c", Optional.empty()).words())
        .as("and so does a command without any run")
        .startsWith("STOP PENDING");
  }

  @Test
  void clusterThatNobodyUsedIsNotUsed() {
    Run failed = claim(0, "c");
    end(failed, RunState.FAILED);

    assertThat(endOf(failed)).isEqualTo(new ClusterEnd(true, "NOT USED"));
  }

  @Test
  void stopThatIsOwedToAClusterThatWasSetBeforeIsTold() {
    end(owing(0, "c-old"), RunState.FAILED);
    Run run = owing(1, "c");
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(run);
    end(run, RunState.SUCCEEDED);

    assertThat(endOf(run).words()).isEqualTo("STOP PENDING, check c-old in the console");
  }

  @Test
  void dateThatWasDoneBeforeDoesNotHideWhoUsesTheClusterNow() {
    Run done = owing(0, "c");
    journal.sessions().stopped(done);
    end(done, RunState.SUCCEEDED);
    Run now = owing(1, "c");

    assertThat(endOf(done)).isEqualTo(new ClusterEnd(false, "IN USE by run " + now.id()));
  }

  @Test
  void clusterThatIsNotOursOrOnWhichOthersWorkIsLeftRunning() {
    Run found = claim(0, "c");
    journal.sessions().open(found, "c", false);
    journal.sessions().leftRunning(found, "it was running before");
    end(found, RunState.SUCCEEDED);
    assertThat(endOf(found).words()).isEqualTo("LEFT RUNNING, it was running before this run");

    Run ours = owing(1, "c");
    journal.statuses().seen(ours, "RUNNING");
    journal.sessions().leftRunning(ours, "others work on it");
    end(ours, RunState.SUCCEEDED);
    assertThat(endOf(ours)).isEqualTo(new ClusterEnd(false, "LEFT RUNNING, others work on it"));

    Run last = owing(2, "c");
    journal.sessions().stopped(last);
    end(last, RunState.SUCCEEDED);
    assertThat(endOf(found).words()).as("a later run has stopped it").isEqualTo("STOPPED");
  }
}
