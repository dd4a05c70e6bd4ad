package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.livy.FakeSparkHome;
import dev.caravan.cloud.livy.LivyServer;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes with a stock Livy in the place of our endpoint: no setting says so. */
class StockLivyRunIT {
  private static final Path HOME = Path.of("../local-cloud/livy/target/livy").toAbsolutePath();
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

  @TempDir Path directory;

  @Test
  void runsTheJobsAndStopsTheClusterWhateverBecomesOfThem() throws Exception {
    FakeSparkHome spark = FakeSparkHome.create(directory.resolve("livy-spark"));
    try (LocalWorld world = LocalWorld.create(directory);
        LivyServer livy =
            LivyServer.start(
                HOME.normalize(),
                spark.home(),
                directory,
                Map.of(),
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"))) {
      world.set("caravan.cluster.main.endpoint.port", Integer.toString(livy.uri().getPort()));
      world.job("first", "print").addJob("second", "print");
      try (CaravanApplication application =
          CaravanApplication.start(world.settings(), Clock.systemUTC())) {
        application.run(LocalWorld.PIPELINE, DATE, false);
        assertRun(application, RunState.SUCCEEDED, JobState.SUCCEEDED, JobState.SUCCEEDED);
      }
      world.job("first", "print").addJob("second", "fail");
      try (CaravanApplication application =
          CaravanApplication.start(world.settings(), Clock.systemUTC())) {
        application.run(LocalWorld.PIPELINE, DATE, true);
        Run run = assertRun(application, RunState.FAILED, JobState.SUCCEEDED, JobState.FAILED);
        assertThat(run.failure().orElseThrow())
            .contains(
                "Job second failed: batch 3 ended dead: spark-submit stand-in: what is fail?");
      }
      assertThat(spark.starts())
          .extracting(start -> start.split(" ")[1])
          .containsExactly(
              "datamarts/first/2026-01-02/1",
              "datamarts/second/2026-01-02/1",
              "datamarts/first/2026-01-02/2",
              "datamarts/second/2026-01-02/2");
    }
  }

  private static Run assertRun(CaravanApplication application, RunState state, JobState... jobs) {
    Run run = application.journal().runs().last("datamarts", DATE).orElseThrow();
    assertThat(run.state()).as(run.failure().orElse("")).isEqualTo(state);
    assertThat(application.journal().jobs().latest(run))
        .extracting(JobRun::state)
        .containsExactly(jobs);
    assertThat(application.journal().sessions().of(run).orElseThrow().stoppedAt()).isPresent();
    return run;
  }
}
