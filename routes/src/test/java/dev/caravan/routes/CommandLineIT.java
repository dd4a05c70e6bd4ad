package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.ForeignUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as processes, beside a server's, and after its end. */
class CommandLineIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String FIRST = "datamarts/2026-01-02/1";
  private static final String SECOND = "datamarts/2026-01-03/1";

  @TempDir Path directory;

  private static String done(ChildProcess command) throws InterruptedException {
    assertThat(command.exitCode(PATIENCE)).as(command.log()).contains(0);
    return command.log();
  }

  /** As Ctrl-C does. */
  private static void interrupt(ChildProcess command) throws IOException, InterruptedException {
    int exitCode =
        new ProcessBuilder("kill", "-INT", Long.toString(command.pid())).start().waitFor();
    assertThat(exitCode).isZero();
  }

  @Test
  void userWithoutANameRunsAndIsToldByNumber() throws Exception {
    assumeThat(ForeignUser.canRead(LocalWorld.ORCHESTRATOR_JAR)).as("this is root").isTrue();
    try (LocalWorld world = LocalWorld.create(directory)) {
      assertThat(done(world.startAsForeignUser("run", "--date", "2026-01-02")))
          .contains("run " + FIRST + ": SUCCEEDED", "cluster: STOPPED");
      assertThat(done(world.startAsForeignUser("pause", "--note", "migration")))
          .contains("datamarts is paused");
      assertThat(done(world.startAsForeignUser("pipelines")))
          .contains("paused by uid 54321: migration");

      world.set("caravan.journal.url", "jdbc:h2:file:~/journal");
      ChildProcess homeless = world.startAsForeignUser("runs");
      assertThat(homeless.exitCode(PATIENCE)).contains(2);
      assertThat(homeless.log())
          .contains("caravan.journal.url", "this user has no home directory")
          .doesNotContain("Exception");
    }
  }

  @Test
  void runsAreDoneByTheServerAndToldTheSameWithoutIt() throws Exception {
    try (LocalWorld world = LocalWorld.create(directory)) {
      Path go = directory.resolve("go");
      world.job("mart", "await " + go).schedule("cron", "0 0 1 1 *");
      ChildProcess serving = world.start("serve");
      await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));

      ChildProcess run = world.start("run", "--date", "2026-01-02..2026-01-03");
      await().atMost(PATIENCE).until(() -> run.log().contains("mart: submitted as batch 1"));
      ChildProcess logs = world.start("logs", "-f", "--run", FIRST, "--job", "mart");
      await().atMost(PATIENCE).until(() -> logs.log().contains("caravan: batch 1"));
      Path classes = directory.resolve("classes");
      ChildProcess status = world.startWith("-Xlog:class+load:file=" + classes, "status");
      assertThat(done(status)).contains(FIRST, "RUNNING", SECOND, "QUEUED", "No alarms.");
      assertThat(Files.readString(classes))
          .contains("dev.caravan.routes.cli.StatusCommand")
          .doesNotContain("org.apache.camel.", "io.vertx.", "org.h2.", "software.amazon.");
      Files.createFile(go);

      assertThat(done(run))
          .contains(
              "run " + FIRST + " is queued at the server",
              "run " + SECOND + " is queued at the server",
              "run " + FIRST + ": SUCCEEDED",
              "run " + SECOND + ": SUCCEEDED",
              "mart  SUCCEEDED",
              "cluster: STOPPED");
      assertThat(done(logs)).contains("== mart", "stdout: ");
      assertThat(world.starts()).isEqualTo(1);

      Files.delete(go);
      ChildProcess left = world.start("run", "--date", "2026-01-04");
      await().atMost(PATIENCE).until(() -> left.log().contains("mart: submitted as batch"));
      interrupt(left);
      assertThat(left.exitCode(PATIENCE)).contains(130);
      assertThat(left.log())
          .contains("The server goes on with it. Come back: caravan show datamarts/2026-01-04/1");
      assertThat(done(world.start("cancel", "datamarts/2026-01-04/1", "--note", "enough")))
          .contains("run datamarts/2026-01-04/1: asked to end");
      await()
          .atMost(PATIENCE)
          .until(() -> done(world.start("runs", "-o", "csv")).contains("/2026-01-04/1,CANCELLED,"));

      await()
          .atMost(PATIENCE)
          .until(() -> done(world.start("cluster", "status", "-o", "csv")).contains(",STOPPED,"));
      String told = done(world.start("runs", "--limit", "3"));
      ProcessHandle.of(serving.pid()).orElseThrow().destroy();
      assertThat(serving.exitCode(PATIENCE)).contains(143);
      assertThat(done(world.start("runs", "--limit", "3")))
          .contains("no server runs with these settings: opening the journal itself")
          .endsWith(told);
    }
  }
}
