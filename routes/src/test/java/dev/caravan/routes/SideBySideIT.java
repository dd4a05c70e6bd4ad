package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several jobs of a run with the shipped routes: side by side, by their needs, repaired. */
class SideBySideIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

  @TempDir Path directory;
  private LocalWorld world;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory, Map.of("endpoint.max-running", "2"));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void whatIsReadyRunsSideBySideAndAFailureLeavesOutOnlyWhatNeedsIt() throws Exception {
    Path a = directory.resolve("a");
    Path b = directory.resolve("b");
    world
        .parallel(2)
        .job("a", "await " + a)
        .addJob("b", "await " + b)
        .addJob("c", "first-fails " + directory.resolve("c"))
        .jobKey("c", "needs", List.of("a", "b"))
        .addJob("d", "exit 0")
        .jobKey("d", "needs", List.of("c"))
        .addJob("e", "exit 0")
        .jobKey("e", "needs", List.of("a"));
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      Journal journal = application.journal();
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(() -> application.run(LocalWorld.PIPELINE, DATE, false));
      Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 2);
      Run run = journal.runs().last(LocalWorld.PIPELINE, DATE).orElseThrow();
      assertThat(journal.jobs().latest(run)).extracting(JobRun::job).containsExactly("a", "b");
      Files.createFile(b);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> journal.jobs().find(run, "b").orElseThrow().state() == JobState.SUCCEEDED);
      assertThat(world.jobsStarted()).as("c needs a, too").isEqualTo(2);
      Files.createFile(a);
      Awaitility.await().atMost(PATIENCE).until(first::isDone);

      assertThat(journal.jobs().latest(run))
          .extracting(JobRun::job, JobRun::state)
          .containsExactlyInAnyOrder(
              tuple("a", JobState.SUCCEEDED),
              tuple("b", JobState.SUCCEEDED),
              tuple("c", JobState.FAILED),
              tuple("d", JobState.UPSTREAM_FAILED),
              tuple("e", JobState.SUCCEEDED));
      Run failed = journal.runs().find(run.id()).orElseThrow();
      assertThat(failed.state()).isEqualTo(RunState.FAILED);
      assertThat(failed.failure().orElseThrow())
          .contains("Job c failed: ", "exit code 1", " Not run, since it failed: d.");
      assertThat(world.jobsStarted()).isEqualTo(4);

      application.run(LocalWorld.PIPELINE, DATE, false);

      Run repaired = journal.runs().last(LocalWorld.PIPELINE, DATE).orElseThrow();
      assertThat(repaired.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(journal.jobs().latest(repaired))
          .extracting(JobRun::job, JobRun::attempt)
          .containsExactlyInAnyOrder(
              tuple("a", 1), tuple("b", 1), tuple("c", 2), tuple("d", 1), tuple("e", 1));
      assertThat(world.jobsStarted()).as("only c and d").isEqualTo(6);
    }
  }
}
