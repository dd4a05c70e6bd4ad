package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.AttemptView;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobLinesTest {
  private static final Instant START = Instant.parse("2026-07-02T03:00:00Z");

  private static AttemptView attempt(JobState state, int from, Optional<Integer> to) {
    return new AttemptView(
        1,
        state,
        Optional.of(1),
        Optional.empty(),
        START.plusSeconds(from),
        to.map(START::plusSeconds),
        Optional.empty(),
        Optional.empty(),
        1);
  }

  private static JobView job(String name, Optional<Duration> usual, AttemptView... attempts) {
    return new JobView(
        name,
        attempts.length == 0 ? List.of("load") : List.of(),
        Optional.empty(),
        usual,
        List.of(attempts),
        List.of());
  }

  private static RunDetail run(JobView... jobs) {
    return new RunDetail(
        new RunView(
            "marts/2026-07-01/1",
            "marts",
            LocalDate.of(2026, 7, 1),
            1,
            Optional.empty(),
            RunState.RUNNING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            START,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        List.of(),
        List.of(jobs),
        Optional.empty(),
        List.of());
  }

  @Test
  void eachJobHasALineWithABarAgainstItsUsualTime() {
    RunDetail run =
        run(
            job(
                "load",
                Optional.of(Duration.ofSeconds(60)),
                attempt(JobState.VERIFIED, 10, Optional.of(52))),
            job(
                "mart",
                Optional.of(Duration.ofSeconds(120)),
                attempt(JobState.SUBMITTED, 60, Optional.empty())),
            job(
                "slow",
                Optional.of(Duration.ofSeconds(10)),
                attempt(JobState.SUBMITTED, 60, Optional.empty())),
            job("new", Optional.empty(), attempt(JobState.SUBMITTED, 60, Optional.empty())),
            job("last", Optional.empty()),
            job("sums", Optional.empty(), attempt(JobState.UPSTREAM_FAILED, 0, Optional.empty())));

    assertThat(JobLines.of(run, START.plusSeconds(120), Terminal.UNLIMITED))
        .containsExactly(
            "marts/2026-07-01/1  2 min 0 s",
            "  load  [####################] done in 42 s",
            "  mart  [##########..........] runs 1 min 0 s of about 2 min 0 s",
            "  slow  [###################.] runs 1 min 0 s of about 10 s",
            "  new   [....................] runs 1 min 0 s",
            "  last  [....................] waits for load",
            "  sums  [....................] not run, since a job that it needs has failed");
    assertThat(JobLines.of(run, START, 20)).allMatch(line -> line.length() < 20);
  }
}
