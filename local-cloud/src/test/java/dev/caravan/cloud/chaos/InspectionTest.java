package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.JournalFile.Job;
import dev.caravan.cloud.chaos.JournalFile.Run;
import dev.caravan.cloud.chaos.JournalFile.Session;
import dev.caravan.cloud.yandex.StatusChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.Common.Health;

/** What the chaos suite must not overlook. */
class InspectionTest {
  private final List<Run> runs =
      new ArrayList<>(
          List.of(new Run("p/1", 1, "FAILED", "it said so"), new Run("p/2", 2, "SUCCEEDED", null)));
  private final List<Job> attempts =
      new ArrayList<>(
          List.of(
              new Job("p/1", "job1", 1, "FAILED", "k1"),
              new Job("p/2", "job1", 2, "VERIFIED", "k2")));
  private final List<Session> sessions =
      new ArrayList<>(List.of(new Session("p/2", true, "STOPPED")));
  private final List<String> claims = new ArrayList<>();
  private final Map<String, Integer> effects = new TreeMap<>(Map.of("job1/2", 1));

  private List<String> violations() {
    return Inspection.of(runs, attempts, sessions, claims, effects, List.of("job1"));
  }

  @Test
  void whatKeepsItsPromisesIsNoViolation() {
    assertThat(violations()).isEmpty();
    effects.put("job1/1", 1);
    assertThat(violations()).as("a failed attempt may have done its work").isEmpty();
  }

  @Test
  void workThatWasDoneTwice() {
    effects.put("job1/2", 2);
    assertThat(violations()).containsExactly("attempt job1/2 did its work 2 times");
  }

  @Test
  void workThatTheJournalOnlyClaims() {
    effects.clear();
    assertThat(violations())
        .containsExactly("attempt 2 of job job1 is VERIFIED, but did its work 0 times");
  }

  @Test
  void workThatTheJournalDoesNotKnow() {
    effects.put("job1/3", 1);
    assertThat(violations())
        .containsExactly("attempt job1/3 did its work and the journal doesn't know it");
  }

  @Test
  void jobThatIsRunAgainAfterItWasVerified() {
    attempts.add(0, new Job("p/1", "job1", 0, "VERIFIED", "k0"));
    effects.put("job1/0", 1);
    assertThat(violations())
        .containsExactly("job job1 was run again after its attempt 0 was verified");
  }

  @Test
  void keyOfTwoAttempts() {
    attempts.set(0, new Job("p/1", "job1", 1, "FAILED", "k2"));
    assertThat(violations()).containsExactly("key k2 stands for two attempts");
  }

  @Test
  void successWithoutItsJobs() {
    attempts.set(1, new Job("p/2", "job1", 2, "SUCCEEDED", "k2"));
    assertThat(violations()).containsExactly("run p/2 SUCCEEDED, but its job job1 isn't verified");
  }

  @Test
  void runThatNeverEndsOrEndsWithoutAReason() {
    runs.set(0, new Run("p/1", 1, "RUNNING", null));
    assertThat(violations()).containsExactly("run p/1 was never ended");
    runs.set(0, new Run("p/1", 1, "INTERRUPTED", " "));
    assertThat(violations()).containsExactly("run p/1 is INTERRUPTED without a reason");
  }

  @Test
  void dateThatDidNotSucceedOnce() {
    runs.remove(1);
    attempts.remove(1);
    effects.clear();
    assertThat(violations()).hasSize(1).first().asString().startsWith("0 runs of the date");
  }

  @Test
  void clusterAndClaimsThatWereForgotten() {
    sessions.add(new Session("p/2", true, "STOP_ASKED"));
    claims.add("cluster c");
    assertThat(violations())
        .containsExactly(
            "the journal says that run p/2 left its cluster STOP_ASKED",
            "claims are left: [cluster c]");
  }

  @Test
  void clusterThatWasStartedMoreOftenThanTheJournalKnows() {
    assertThat(Inspection.ofStarts(2, 2, 0)).isEmpty();
    assertThat(Inspection.ofStarts(2, 1, 1)).isEmpty();
    assertThat(Inspection.ofStarts(3, 1, 1))
        .containsExactly(
            "the cluster was started 3 times, in 1 sessions of the journal, with 1 stops by the lease");
  }

  private static long starts(Cluster.Status... statuses) {
    return Inspection.starts(
        Stream.of(statuses)
            .map(status -> new StatusChange(Instant.EPOCH, status, Health.HEALTH_UNKNOWN))
            .toList());
  }

  @Test
  void startThatTheCloudItselfFailedIsNone() {
    assertThat(starts(Cluster.Status.STARTING, Cluster.Status.RUNNING)).isEqualTo(1);
    assertThat(
            starts(
                Cluster.Status.STARTING,
                Cluster.Status.STOPPED,
                Cluster.Status.STARTING,
                Cluster.Status.RUNNING,
                Cluster.Status.STOPPING,
                Cluster.Status.STOPPED,
                Cluster.Status.STARTING))
        .isEqualTo(2);
  }
}
