package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.RunReport.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChaosReportTest {
  private final ChaosReport report = new ChaosReport(7, "10,20,30,40,50,60");

  private void add(String step, String... violations) {
    ChaosPlan plan = ChaosPlan.of(new SweepPoint(3, Strike.Place.BEFORE, SweepPoint.What.ENDPOINT));
    List<Moment> moments =
        step.isEmpty()
            ? List.of()
            : List.of(
                new Moment(
                    plan.disturbances().get(0),
                    Instant.EPOCH,
                    Optional.empty(),
                    Instant.EPOCH,
                    step));
    report.add(
        new RunReport(
            plan,
            moments,
            9,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of("SUCCEEDED"),
            List.of(violations)));
  }

  @Test
  void strikesAreCountedPerStep() {
    IntStream.range(0, 19).forEach(i -> add("SUBMIT_JOB"));
    add("OUTSIDE");

    assertThat(report.table())
        .contains("strikes per step: OUTSIDE 1 SUBMIT_JOB 19")
        .contains("outside of all steps: 5.0 %")
        .doesNotContain("MORE THAN");
  }

  @Test
  void tooManyOutsideAreSaidPlainly() {
    IntStream.range(0, 18).forEach(i -> add("SUBMIT_JOB"));
    add("OUTSIDE");

    assertThat(report.table()).contains("MORE THAN 5 %: too many strikes hit no step");
  }

  @Test
  void strikeThatNeverCameIsNoHit() {
    add("");

    assertThat(report.table())
        .contains("not struck, since the run had fewer messages: 1")
        .contains("outside of all steps: 0.0 %");
  }

  @Test
  void violationComesWithTheCommandThatRepeatsIt() {
    add("SUBMIT_JOB", "the cluster is RUNNING after all");

    assertThat(report.violations()).isEqualTo(1);
    assertThat(report.table())
        .contains("repeat with: ./caravan chaos --runs 1 --seed 0 --counted 10,20,30,40,50,60");
  }
}
