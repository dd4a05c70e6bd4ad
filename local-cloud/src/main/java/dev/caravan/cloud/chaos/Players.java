package dev.caravan.cloud.chaos;

import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays runs, several at a time. They share the S3 server; each has a cloud, a cluster and a
 * journal of its own.
 *
 * @param postgres for the journals of pairs; only random runs have them
 * @param keep whether the files of a run without a violation are kept, too
 */
record Players(
    Artifacts artifacts,
    S3Server s3,
    Optional<LocalPostgres> postgres,
    Path directory,
    boolean keep) {

  /** Plays one of them. */
  interface Play<T> {
    void play(T what) throws IOException;
  }

  /** Plays all, this many at a time. */
  <T> void each(List<T> all, int parallel, Play<T> play)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<?>> played = new ArrayList<>();
      for (T each : all) {
        played.add(
            threads.submit(
                () -> {
                  play.play(each);
                  return null;
                }));
      }
      for (Future<?> each : played) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** How many messages a run without disturbances sends; it must go well. */
  int count(Shape shape) throws IOException {
    String name = "count-%d".formatted(Shape.ALL.indexOf(shape));
    RunReport report = play(ChaosPlan.undisturbed(shape), name, false);
    if (!report.violations().isEmpty()) {
      throw new IllegalStateException(
          "a run without disturbances broke a promise: " + report.violations());
    }
    return report.messages();
  }

  /**
   * @param name of the run's directory
   * @param again whether a run that succeeded is asked for once more
   */
  RunReport play(ChaosPlan plan, String name, boolean again) throws IOException {
    Path mine = directory.resolve(name);
    RunReport report = playWhole(plan, mine, again);
    if (report.violations().isEmpty() && !keep) {
      Directories.delete(mine);
    }
    return report;
  }

  private RunReport playWhole(ChaosPlan plan, Path mine, boolean again) {
    try (ChaosWorld world =
        new ChaosWorld(
            plan,
            artifacts,
            s3,
            postgres,
            Files.createDirectories(mine),
            ChaosWorld.Stoppers.ALL)) {
      return new ChaosRun(plan, world, again).play();
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      return new RunReport(
          plan,
          List.of(),
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of("the run could not be played: " + e));
    }
  }
}
