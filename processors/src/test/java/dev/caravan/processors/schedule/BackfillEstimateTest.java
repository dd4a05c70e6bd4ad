package dev.caravan.processors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.schedule.BackfillEstimate.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackfillEstimateTest {
  private static final Optional<Duration> START = Optional.of(Duration.ofMinutes(8));
  private static final Optional<Duration> STOP = Optional.of(Duration.ofSeconds(45));
  private static final Optional<Duration> JOB = Optional.of(Duration.ofSeconds(600));

  private static Job job(String name, int together, Optional<Duration> application) {
    return new Job(name, together, application);
  }

  @Test
  void addsOneStartEachApplicationAndOneStop() {
    assertThat(
            BackfillEstimate.of(
                7,
                START,
                STOP,
                List.of(
                    job("datamarts", 3, JOB),
                    job("report", 1, Optional.of(Duration.ofSeconds(20))))))
        .isEqualTo(
            new BackfillEstimate(
                Optional.of(Duration.ofSeconds(480 + 3 * 600 + 7 * 20 + 45)),
                "About 41m 05s of cluster time: start 8m 00s, datamarts 3 x 10m 00s, report 7 x"
                    + " 20s, stop 45s."));
  }

  @Test
  void oneApplicationForAllTakesItsTimeOnce() {
    assertThat(BackfillEstimate.of(7, START, STOP, List.of(job("datamarts", 7, JOB))).clusterTime())
        .contains(Duration.ofSeconds(480 + 600 + 45));
    assertThat(BackfillEstimate.of(60, START, STOP, List.of(job("datamarts", 1, JOB))).sentence())
        .isEqualTo(
            "About 10h 08m of cluster time: start 8m 00s, datamarts 60 x 10m 00s, stop 45s.");
  }

  @Test
  void saysWhatHasNoHistory() {
    assertThat(
            BackfillEstimate.of(
                2,
                Optional.empty(),
                STOP,
                List.of(job("datamarts", 1, JOB), job("report", 1, Optional.empty()))))
        .isEqualTo(
            new BackfillEstimate(
                Optional.empty(), "No estimate of the cluster time: no history of start, report."));
  }

  @Test
  void noDateNeedsNoCluster() {
    assertThat(BackfillEstimate.of(0, Optional.empty(), STOP, List.of(job("a", 1, JOB))))
        .isEqualTo(
            new BackfillEstimate(
                Optional.of(Duration.ZERO), "No date runs; the cluster isn't started."));
  }
}
