package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Uses of the cluster and its statuses, whatever the database. */
abstract class SessionContract extends JournalContract {
  @Test
  void sessionIsOpenedOnceForTheIntentAndTheAnswer() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.sessions().open(run, cluster, true);
    journal.sessions().startAccepted(run, "op-1");

    ClusterSession again = journal.sessions().open(run, cluster, false);

    assertThat(again)
        .isEqualTo(
            new ClusterSession(
                again.id(),
                cluster,
                true,
                SessionState.START_ASKED,
                START,
                Optional.of("op-1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(kinds(run))
        .containsExactly(RunEvent.Kind.RUN_CLAIMED, RunEvent.Kind.CLUSTER_START_ASKED);
  }

  @Test
  void startIsOwedFromItsIntentUntilTheCloudHasStopped() {
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
    journal.sessions().stopAsked(run);
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
    assertThat(session(run).stopPending()).isTrue();

    journal.sessions().stopped(run);

    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(session(run).stopPending()).isFalse();
    assertThat(session(run).stoppedAt()).contains(START);
  }

  @Test
  void clusterThatWasFoundRunningIsNotOwed() {
    Run run = claim();
    journal.sessions().open(run, cluster, false);

    assertThat(session(run).ours()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(kinds(run)).contains(RunEvent.Kind.CLUSTER_FOUND_RUNNING);
  }

  @Test
  void intentToStopIsWrittenOnceAndKeepsItsTime() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    journal.sessions().stopAsked(run);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.sessions().stopAsked(run);

    assertThat(session(run).stopAskedAt()).contains(START);
    assertThat(kinds(run)).containsOnlyOnce(RunEvent.Kind.CLUSTER_STOP_ASKED);
  }

  @Test
  void sessionIsOpenedAnewAfterItsStop() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    journal.sessions().startAccepted(run, "op-1");
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(run);
    CLOCK.pass(Duration.ofHours(1));

    ClusterSession again = journal.sessions().open(run, cluster, true);

    assertThat(again.openedAt()).isEqualTo(START.plusSeconds(3600));
    assertThat(again.operationId()).isEmpty();
    assertThat(again.stopAskedAt()).isEmpty();
    assertThat(again.stoppedAt()).isEmpty();
    assertThat(again.stopPending()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
  }

  @Test
  void stopSettlesWhatEarlierRunsOwedThatClusterAndNoOther() {
    Run first = claim();
    journal.sessions().open(first, cluster, true);
    journal.sessions().stopAsked(first);
    TestRuns.end(journal, first, RunState.FAILED, Optional.empty());
    Run elsewhere = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    journal.sessions().open(elsewhere, cluster + "b", true);
    Run second = claim();
    journal.sessions().open(second, cluster, true);

    journal.sessions().stopped(second);

    assertThat(session(first).stopPending()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(journal.sessions().owesStop(cluster + "b")).isTrue();
  }

  @Test
  void withoutASessionNothingIsAskedToStop() {
    Run run = claim();
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(run);

    assertThat(journal.sessions().of(run)).isEmpty();
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
  }

  private void sees(Run run, String status, Duration then) {
    journal.statuses().seen(run, status);
    CLOCK.pass(then);
  }

  @Test
  void clusterTimeIsCountedByStatusUpToTheEndOfTheRun() {
    Run run = claim();
    CLOCK.pass(Duration.ofMinutes(1));
    sees(run, "STARTING", Duration.ofMinutes(2));
    sees(run, "RUNNING", Duration.ofMinutes(3));
    sees(run, "RUNNING", Duration.ofMinutes(4));
    assertThat(journal.statuses().time(run)).isEqualTo(Map.of("STARTING", Duration.ofMinutes(2)));
    sees(run, "STOPPING", Duration.ofMinutes(5));
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.statuses().time(run))
        .containsExactly(
            Map.entry("STARTING", Duration.ofMinutes(2)),
            Map.entry("RUNNING", Duration.ofMinutes(7)),
            Map.entry("STOPPING", Duration.ofMinutes(5)));
  }

  @Test
  void statusLastsFromTheLookThatSawItToTheLookThatSawAnother() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    sees(run, "STOPPED", Duration.ofMinutes(1));
    assertThat(journal.sessions().of(run)).as("it has only been looked at").isEmpty();
    assertThat(journal.sessions().lastOn(cluster)).isEmpty();
    ClusterSession session = journal.sessions().open(run, cluster, true);
    sees(run, "RUNNING", Duration.ofMinutes(2));
    journal.sessions().stopAsked(run);
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());
    CLOCK.pass(Duration.ofMinutes(3));
    assertThat(journal.statuses().time(run))
        .isEqualTo(Map.of("STOPPED", Duration.ofMinutes(1), "RUNNING", Duration.ofMinutes(2)));

    journal.statuses().seen(run, "STOPPED");
    journal.sessions().stopped(cluster);

    Instant stopped = START.plusSeconds(360);
    assertThat(journal.statuses().of(run))
        .as("it ran until it was seen stopped, though its run had ended")
        .containsExactly(
            new ClusterStatusInterval(
                session.id(), "STOPPED", START, Optional.of(START.plusSeconds(60))),
            new ClusterStatusInterval(
                session.id(), "RUNNING", START.plusSeconds(60), Optional.of(stopped)),
            new ClusterStatusInterval(session.id(), "STOPPED", stopped, Optional.of(stopped)));
  }

  @Test
  void sessionMayHaveSeveralRunsAndIsForgottenOnceAllHaveEnded() throws Exception {
    Run first = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    ClusterSession session = journal.sessions().open(first, cluster, true);
    sees(first, "RUNNING", Duration.ofMinutes(1));
    TestRuns.end(journal, first, RunState.SUCCEEDED, Optional.empty());
    Run second = TestRuns.claim(journal, pipeline, DATE.plusDays(1), cluster, false);

    assertThat(journal.sessions().of(second)).isEqualTo(journal.sessions().of(first));
    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster))).isEmpty();
    assertThat(journal.runs().lastOf(session)).contains(second);
    journal.sessions().stopAsked(second);
    TestRuns.end(journal, second, RunState.SUCCEEDED, Optional.empty());

    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of("other")))
        .containsExactly(session(first));
    assertThat(session(first).stopPending()).isTrue();
  }

  @Test
  void sessionOfAnEndedRunThatOwesItsStopIsFoundAndSettled() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.sessions().open(run, cluster, true);
    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster)))
        .as("its run lives")
        .isEmpty();
    journal.sessions().stopAsked(run);
    TestRuns.end(journal, run, RunState.FAILED, Optional.of("x"));

    ClusterSession forgotten =
        journal.sessions().forgotten(List.of(pipeline), List.of("other")).get(0);
    assertThat(forgotten.clusterId()).isEqualTo(cluster);
    assertThat(journal.claims().claimStop(forgotten, run)).isTrue();
    assertThat(ask("2026-11-22", cluster))
        .as("nothing begins there")
        .isInstanceOf(Claim.Held.class);
    journal.sessions().stopped(cluster);
    journal.claims().endSession(run.clusterId().orElseThrow());

    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster))).isEmpty();
    assertThat(ask("2026-11-22", cluster)).isInstanceOf(Claim.Taken.class);
    assertThat(journal.claims().claimStop(forgotten, run)).as("a run needs the cluster").isFalse();
  }

  @Test
  void whatIsUsualIsTheMedianOfWhatWasSeen() {
    assertThat(journal.statuses().usualStart(cluster)).isEmpty();
    for (int minutes : List.of(9, 5, 7)) {
      Run run = TestRuns.claim(journal, pipeline, DATE.plusDays(minutes), cluster, false);
      journal.sessions().open(run, cluster, true);
      CLOCK.pass(Duration.ofMinutes(minutes));
      journal.statuses().seen(run, "RUNNING");
      journal.sessions().stopAsked(run);
      CLOCK.pass(Duration.ofMinutes(1));
      journal.sessions().stopped(run);
      TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());
    }

    assertThat(journal.statuses().usualStart(cluster)).contains(Duration.ofMinutes(7));
    assertThat(journal.statuses().usualStop(cluster)).contains(Duration.ofMinutes(1));
  }
}
