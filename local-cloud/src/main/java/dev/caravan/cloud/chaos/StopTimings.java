package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.ChaosWorld.Stoppers;
import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.StatusChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * Measures the time from the death of a process to STOPPED for each stopper alone, and the seconds
 * for which the cluster of a successful run is idle.
 */
final class StopTimings {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final int JOB_MILLIS = 1500;

  private final Artifacts artifacts;
  private final S3Server s3;
  private final Path directory;
  private int worlds;

  StopTimings(Artifacts artifacts, S3Server s3, Path directory) {
    this.artifacts = artifacts;
    this.s3 = s3;
    this.directory = directory;
  }

  private interface Death {
    void come(ChaosWorld world) throws IOException, InterruptedException;
  }

  /** The words of {@code caravan run} for yesterday. */
  private static List<String> run() {
    return List.of("run", "--date", LocalDate.now(Clock.systemUTC()).minusDays(1).toString());
  }

  String measure(int times) throws IOException, InterruptedException {
    String text = "each stopper alone, from a death while a job of 1.5 s runs to STOPPED:\n";
    text +=
        told(
            times,
            "1, the end of the pipeline: SIGTERM, the batch is killed",
            new Stoppers(false, false),
            world -> world.orchestrator.terminate(BOUND));
    text +=
        told(
            times,
            "2, the reconciler: kill -9, back after 1 s as serve, the job goes on to its end",
            new Stoppers(true, false),
            world -> {
              world.orchestrator.kill();
              TimeUnit.SECONDS.sleep(1);
              world.orchestrator.start(List.of("serve"));
            });
    text +=
        told(
            times,
            "3, the lease of 3 s and its grace of 3 s: kill -9, never back",
            new Stoppers(false, true),
            world -> world.orchestrator.kill());
    List<Duration> wasted = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      wasted.add(wasted());
    }
    return text
        + "a good run of two jobs, its cluster RUNNING without a job: "
        + TimeFormat.of(wasted.stream().sorted().toList())
        + "\n";
  }

  private ChaosWorld world(Stoppers stoppers) throws IOException {
    ChaosPlan plan =
        new ChaosPlan(
            0,
            false,
            new Shape(Shape.Command.RUN, 1, 2, false, false),
            List.of(JOB_MILLIS, JOB_MILLIS),
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            ChaosPlan.SHORT_LEASE,
            List.of());
    Path mine = Files.createDirectories(directory.resolve("figure-%03d".formatted(worlds++)));
    return new ChaosWorld(plan, artifacts, s3, Optional.empty(), mine, stoppers);
  }

  private String told(int times, String what, Stoppers stoppers, Death death)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(1);
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      try (ChaosWorld world = world(stoppers)) {
        world.orchestrator.start(run());
        if (!world.orchestrator.await(BOUND, event -> event.is("JOB_SUBMITTED"))) {
          throw new IllegalStateException(
              "no job was submitted: " + world.orchestrator.lastLines());
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(JOB_MILLIS - 300));
        Instant died = Instant.now();
        death.come(world);
        took.add(Duration.between(died, stoppedAfter(world, died)));
      }
    }
    return "  " + what + ": " + TimeFormat.of(took.stream().sorted().toList()) + "\n";
  }

  private static Instant stoppedAfter(ChaosWorld world, Instant moment)
      throws InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Instant> stopped =
          world.cloud.timeline().stream()
              .filter(change -> change.status() == Cluster.Status.STOPPED)
              .map(StatusChange::at)
              .filter(at -> at.isAfter(moment))
              .findFirst();
      if (stopped.isPresent()) {
        return stopped.get();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IllegalStateException("the cluster was still " + world.cloud.status());
  }

  private Duration wasted() throws IOException, InterruptedException {
    try (ChaosWorld world = world(Stoppers.ALL)) {
      world.orchestrator.start(run());
      if (world.orchestrator.exitCode(BOUND).filter(code -> code == 0).isEmpty()) {
        throw new IllegalStateException(
            "the run did not go well: " + world.orchestrator.lastLines());
      }
      Duration running = Duration.ZERO;
      Instant since = Instant.EPOCH;
      for (StatusChange change : world.cloud.timeline()) {
        if (change.status() == Cluster.Status.RUNNING) {
          since = change.at();
        } else if (change.status() == Cluster.Status.STOPPING) {
          running = running.plus(Duration.between(since, change.at()));
        }
      }
      return running.minus(world.worked());
    }
  }
}
