package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.processors.journal.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline's file is edited while an orchestrator is at work, or between two of them. */
class PipelineEditIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);
  private static final String FILE = "datamarts.yaml";

  @TempDir Path directory;
  private LocalWorld world;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void await(ChildProcess orchestrator, Kind kind, String subject)
      throws InterruptedException {
    world.events.await(
        orchestrator, PATIENCE, kind + " " + subject, event -> event.is(kind.name(), subject));
  }

  private void awaitEnd(ChildProcess orchestrator, LocalDate date) throws InterruptedException {
    world.events.await(
        orchestrator,
        PATIENCE,
        "the end of " + date,
        event ->
            event.is(Kind.RUN_ENDED.name(), "SUCCEEDED")
                && event.run().startsWith("datamarts/" + date));
  }

  /**
   * That the date of today is run is the work of the edited schedule, whose next slot is a second
   * away.
   */
  @Test
  void editedFileIsTakenUpWithoutARestartAndABrokenOneIsAnAlarm() throws Exception {
    ChildProcess serving = world.start("serve");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    awaitEnd(serving, today.minusDays(1));

    Files.writeString(directory.resolve("pipelines").resolve(FILE), "cluster: main\njobs: {}\n");
    await(serving, Kind.ALARM_RAISED, "BROKEN_DEFINITION " + FILE);
    world.schedule("date", "today").job("edited", "exit 0").writePipeline();
    await(serving, Kind.ALARM_CLEARED, "BROKEN_DEFINITION " + FILE);
    awaitEnd(serving, today);

    assertThat(world.events.of(serving))
        .anyMatch(event -> event.is(Kind.JOB_SUBMITTED.name(), "edited"));
    assertThat(serving.log())
        .contains("the pipeline file " + FILE + " is broken", FILE + ", line 2: jobs has 0 jobs");
  }

  @Test
  void runThatIsContinuedDoesWhatItBeganWith() throws Exception {
    Path go = directory.resolve("go");
    world.job("first", "exit 0").addJob("second", "await " + go);
    ChildProcess first = world.start("run", "--date", DATE.toString());
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 2);
    await(first, Kind.JOB_SUBMITTED, "second");
    ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
    assertThat(first.exitCode(PATIENCE)).contains(137);

    Files.writeString(go, "");
    world.job("another", "exit 64");
    ChildProcess next = world.start("run", "--date", DATE.toString());

    assertThat(next.exitCode(PATIENCE)).as(next.log()).contains(0);
    try (Journal journal = world.journal()) {
      Run run = journal.runs().last(LocalWorld.PIPELINE, DATE).orElseThrow();
      assertThat(run.attempt()).isEqualTo(1);
      assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(journal.jobs().latest(run).stream().map(JobRun::job))
          .isEqualTo(List.of("first", "second"));
    }
  }

  @Test
  void runOfAPipelineWhoseFileIsGoneIsBroughtToItsEnd() throws Exception {
    Path go = directory.resolve("go");
    world.job("mart", "await " + go);
    ChildProcess first = world.start("run", "--date", DATE.toString());
    await(first, Kind.JOB_SUBMITTED, "mart");
    ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
    assertThat(first.exitCode(PATIENCE)).contains(137);

    Files.writeString(go, "");
    Path settings = world.settingsFile();
    Files.move(
        directory.resolve("pipelines").resolve(FILE), directory.resolve("pipelines/other.yaml"));
    try (CaravanApplication application =
        CaravanApplication.start(
            dev.caravan.routes.settings.Settings.read(settings, java.util.Map.of()),
            java.time.Clock.systemUTC())) {
      application.reconcile();
      Run run = application.journal().runs().last(LocalWorld.PIPELINE, DATE).orElseThrow();
      assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(application.journal().sessions().owesStop(LocalWorld.CLUSTER)).isFalse();
    }
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
  }
}
