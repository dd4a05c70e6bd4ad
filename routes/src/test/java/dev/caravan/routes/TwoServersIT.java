package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.routes.api.ServerFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * Two servers on one PostgreSQL, each with its clients: what is done at one is seen at the other.
 */
class TwoServersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String RUN = "datamarts/2026-01-02/1";

  @TempDir Path directory;

  private record Server(ChildProcess process, ServerFile file) {
    /** A command that asks this server, and what it answers. */
    String tell(String... words) throws Exception {
      Path token = Files.createTempFile("token", "");
      Files.writeString(token, file.token());
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int exitCode =
          Caravan.commandLine(words[0])
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(
                  Stream.concat(
                          Arrays.stream(words),
                          Stream.of(
                              "--server",
                              file.address().toString(),
                              "--token-file",
                              token.toString()))
                      .toArray(String[]::new));
      Files.delete(token);
      assertThat(exitCode).as(err.toString()).isZero();
      return out.toString();
    }
  }

  private Server serve(LocalWorld world, String name) throws Exception {
    Path file = directory.resolve(name + ".json");
    ChildProcess process = world.start("serve", "--set", "caravan.server.file=" + file);
    await(name)
        .atMost(PATIENCE)
        .until(() -> Files.exists(file) || !process.exitCode(Duration.ZERO).isEmpty());
    return new Server(
        process, ServerFile.read(file).orElseThrow(() -> new AssertionError(process.log())));
  }

  @Test
  void whatIsDoneAtOneIsSeenAtTheOther() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(directory.resolve("postgres"));
        LocalWorld world = LocalWorld.create(directory)) {
      Path go = directory.resolve("go");
      Path login =
          Files.writeString(
              directory.resolve("login.properties"),
              "user=" + postgres.user() + "\npassword=ignored\n");
      world
          .job("mart", "await " + go)
          .schedule("cron", "0 0 1 1 *")
          .set("caravan.journal.url", postgres.newDatabase("shared"))
          .set("caravan.journal.credentials-file", login.toString());
      Server one = serve(world, "one");
      Server other = serve(world, "other");
      assertThat(one.file().address()).isNotEqualTo(other.file().address());

      one.tell("pause", "--pipeline", "datamarts", "--note", "migration");
      assertThat(other.tell("pipelines")).contains("migration");
      other.tell("resume", "--pipeline", "datamarts");
      assertThat(one.tell("pipelines")).doesNotContain("paused");

      assertThat(one.tell("run", "--pipeline", "datamarts", "--date", "2026-01-02", "--detach"))
          .contains(RUN);
      await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
      for (Server each : new Server[] {one, other}) {
        await()
            .atMost(PATIENCE)
            .until(() -> each.tell("runs", "-o", "csv").contains(RUN + ",RUNNING,"));
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    each.tell("logs", "--run", RUN, "--job", "mart", "--from", "0")
                        .contains("caravan: batch 1"));
      }
      // One of them has the session; the other one's word counts all the same.
      one.tell("run", "--pipeline", "datamarts", "--date", "2026-01-03", "--detach");
      other.tell("cancel", "datamarts/2026-01-03/1", "--note", "not needed");
      other.tell("cancel", RUN, "--note", "enough");
      for (Server each : new Server[] {one, other}) {
        await()
            .atMost(PATIENCE)
            .until(() -> each.tell("runs", "-o", "csv").contains(RUN + ",CANCELLED,"));
        assertThat(each.tell("runs", "-o", "csv")).contains("datamarts/2026-01-03/1,CANCELLED,");
        assertThat(each.tell("show", RUN, "--events")).contains("enough");
      }
      await().atMost(PATIENCE).until(() -> world.cloud.status() == Cluster.Status.STOPPED);
      await()
          .atMost(PATIENCE)
          .until(() -> one.tell("cluster", "status", "-o", "csv").contains(",STOPPED,"));
      assertThat(other.tell("cluster", "status", "-o", "json"))
          .isEqualTo(one.tell("cluster", "status", "-o", "json"));
      assertThat(world.starts()).isEqualTo(1);
      assertThat(world.jobsStarted()).isEqualTo(1);
    }
  }
}
