package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.RunReport.Moment;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.StatusChange;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.S3Object;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * One run: disturbs it as planned, waits until it has settled and the cluster is stopped, lets a
 * last, undisturbed run finish the date, and inspects what is left.
 */
final class ChaosRun {
  private static final Duration SETTLES = Duration.ofSeconds(120);
  private static final Duration TRIGGER = Duration.ofSeconds(4);
  private static final Duration STOPS = Duration.ofSeconds(60);
  private static final Duration ENDS = Duration.ofSeconds(40);
  private static final int CALM_RUNS = 4;
  private static final int MANY = 1000;

  private final ChaosPlan plan;
  private final ChaosWorld world;
  private final List<String> dates;
  private final List<Moment> moments = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private Optional<Duration> toLeaseStop = Optional.empty();
  private Optional<Duration> toEnd = Optional.empty();
  private Instant lastDeath = Instant.EPOCH;

  ChaosRun(ChaosPlan plan, ChaosWorld world) {
    this.plan = plan;
    this.world = world;
    LocalDate yesterday = LocalDate.now(Clock.systemUTC()).minusDays(1);
    this.dates =
        IntStream.range(0, plan.dates())
            .mapToObj(days -> yesterday.minusDays(days).toString())
            .toList();
  }

  RunReport play() throws IOException, InterruptedException, SQLException {
    start();
    Instant anchor = world.orchestrator.startedAt();
    for (Disturbance disturbance : plan.disturbances()) {
      Instant since = trigger(disturbance).orElse(anchor);
      if (!pauseUntil(since.plus(disturbance.after()))) {
        break;
      }
      disturb(disturbance);
      anchor = Instant.now();
    }
    settle();
    Optional<Duration> toStopped = awaitStopped();
    calmDown();
    finish();
    require(world.isStopped(), "the cluster is %s after all", world.cloud.status());
    require(world.orchestrator.left() == 0, "processes of the orchestrator are left");
    world.orchestrator.close();
    inspect();
    return new RunReport(
        plan, located(), toStopped, toLeaseStop, toEnd, states(), List.copyOf(violations));
  }

  private void require(boolean holds, String sentence, Object... values) {
    if (!holds) {
      violations.add(sentence.formatted(values));
    }
  }

  private void start() throws IOException {
    world.orchestrator.start(plan.serve() ? List.of("serve") : run());
  }

  private List<String> run() {
    return Stream.concat(
            Stream.of("run"), dates.stream().flatMap(date -> Stream.of("--date", date)))
        .toList();
  }

  /**
   * When the trigger came; empty if none is awaited, or if it doesn't come, as in a run taken up
   * late.
   */
  private Optional<Instant> trigger(Disturbance disturbance) throws InterruptedException {
    return disturbance.trigger().isPresent()
            && world.orchestrator.await(TRIGGER, disturbance.trigger().get()::is)
        ? Optional.of(Instant.now())
        : Optional.empty();
  }

  /** False if the run came to its end by itself before that. */
  private boolean pauseUntil(Instant moment) throws InterruptedException {
    while (Instant.now().isBefore(moment)) {
      if (!world.orchestrator.isAlive()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return world.orchestrator.isAlive();
  }

  private void disturb(Disturbance disturbance) throws IOException, InterruptedException {
    moments.add(new Moment(disturbance, Instant.now(), ""));
    if (disturbance.isDeath()) {
      lastDeath = Instant.now();
    }
    switch (disturbance.kind()) {
      case KILL_ENDPOINT -> world.cluster.killEndpoint();
      case KILL_ORCHESTRATOR -> {
        world.orchestrator.kill();
        startAfter(disturbance.lasts());
      }
      case KILL_BOTH -> {
        world.cluster.killEndpoint();
        world.orchestrator.kill();
        startAfter(disturbance.lasts());
      }
      case TERMINATE_ORCHESTRATOR -> {
        Optional<Duration> took = world.orchestrator.terminate(ENDS);
        require(took.isPresent(), "SIGTERM was not followed by the end within %s", ENDS);
        toEnd = longer(toEnd, took);
        startAfter(disturbance.lasts());
      }
      case LOSE_ORCHESTRATOR -> {
        world.orchestrator.kill();
        toLeaseStop = awaitStopped();
        startAfter(Duration.ZERO);
      }
      case CUT_LINE -> {
        FaultyProxy proxy = world.proxy(disturbance.line());
        proxy.fail(disturbance.fault());
        later(disturbance.lasts(), proxy::mend);
      }
      case CLOUD_UNAVAILABLE -> {
        for (Rpc rpc : Rpc.values()) {
          world.cloud.script().fail(rpc, Status.UNAVAILABLE.withDescription("chaos"), MANY);
        }
        later(disturbance.lasts(), () -> world.cloud.script().answerNormally());
      }
      case LOSE_ANSWER ->
          world.cloud.script().loseAnswer(Rpc.START_CLUSTER, 1).loseAnswer(Rpc.STOP_CLUSTER, 1);
      case LAG -> {
        world.cloud.script().reportLags(disturbance.lasts());
        later(disturbance.lasts().multipliedBy(2), () -> world.cloud.script().reportTruth());
      }
      case NO_CAPACITY -> {
        // Else the next operation is a stop, which does not end like this.
        if (world.isStopped()) {
          world.cloud.script().failNextOperation(OperationFailure.noCapacity());
        }
      }
    }
  }

  private static Optional<Duration> longer(Optional<Duration> one, Optional<Duration> other) {
    return one.isEmpty() || other.filter(time -> time.compareTo(one.get()) > 0).isPresent()
        ? other
        : one;
  }

  private void startAfter(Duration pause) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    start();
  }

  private static void later(Duration time, Runnable task) {
    CompletableFuture.runAsync(
        task, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * Until the orchestrator has ended by itself, or, where it serves, has told how the run ended.
   */
  private void settle() throws InterruptedException {
    if (plan.serve()) {
      boolean told =
          world.orchestrator.await(
              SETTLES, event -> event.is("RUN_ENDED") || event.is("RUN_NOT_REPEATED"));
      require(told, "serve did not settle: %s", world.orchestrator.lastLines());
    } else {
      require(
          world.orchestrator.exitCode(SETTLES).isPresent(),
          "run did not settle: %s",
          world.orchestrator.lastLines());
    }
  }

  private Optional<Duration> awaitStopped() throws InterruptedException {
    long deadline = System.nanoTime() + STOPS.toNanos();
    while (!world.isStopped() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    require(world.isStopped(), "the cluster was still %s after %s", world.cloud.status(), STOPS);
    return world.cloud.timeline().stream()
        .filter(change -> change.status() == Cluster.Status.STOPPED)
        .map(StatusChange::at)
        .reduce((first, second) -> second)
        .filter(stopped -> stopped.isAfter(lastDeath) && lastDeath.isAfter(Instant.EPOCH))
        .map(stopped -> Duration.between(lastDeath, stopped));
  }

  private void calmDown() {
    for (Disturbance.Line line : Disturbance.Line.values()) {
      world.proxy(line).mend();
    }
    world.cloud.script().answerNormally().reportTruth();
    if (plan.serve()) {
      require(world.orchestrator.terminate(ENDS).isPresent(), "serve did not end within %s", ENDS);
    }
  }

  /** Whatever happened, an undisturbed run brings the dates to their end. */
  private void finish() throws IOException, InterruptedException {
    for (int run = 1; run <= CALM_RUNS; run++) {
      world.orchestrator.start(run());
      Optional<Integer> exitCode = world.orchestrator.exitCode(SETTLES);
      require(
          exitCode.isPresent(),
          "the undisturbed run did not end: %s",
          world.orchestrator.lastLines());
      if (exitCode.isEmpty() || exitCode.get() == 0) {
        return;
      }
    }
    violations.add("no undisturbed run succeeded: " + world.orchestrator.lastLines());
  }

  private void inspect() throws SQLException {
    JournalFile journal = new JournalFile(world.directory);
    for (String date : dates) {
      violations.addAll(
          Inspection.of(
              journal.runs().stream().filter(run -> isOf(date, run.id())).toList(),
              journal.jobs().stream().filter(job -> isOf(date, job.run())).toList(),
              journal.sessions().stream().filter(each -> isOf(date, each.run())).toList(),
              journal.claims(),
              effects(date),
              world.jobs));
    }
    violations.addAll(leftOver());
  }

  private static boolean isOf(String date, String run) {
    return run.contains("/" + date + "/");
  }

  /** Those of the date by job and attempt; keys are {@code .../effects/job/date/attempt/uuid}. */
  private Map<String, Integer> effects(String date) {
    Map<String, Integer> effects = new TreeMap<>();
    String prefix = world.prefix() + "effects/";
    for (S3Object object :
        world
            .s3()
            .client()
            .listObjectsV2Paginator(list -> list.bucket(ChaosWorld.BUCKET).prefix(prefix))
            .contents()) {
      String[] parts = object.key().substring(prefix.length()).split("/");
      if (parts[1].equals(date)) {
        effects.merge(parts[0] + "/" + parts[2], 1, Integer::sum);
      }
    }
    return effects;
  }

  private List<String> states() throws SQLException {
    return new JournalFile(world.directory).runs().stream().map(JournalFile.Run::state).toList();
  }

  private List<Moment> located() throws SQLException {
    List<JournalFile.Step> steps = new JournalFile(world.directory).steps();
    return moments.stream()
        .map(moment -> new Moment(moment.disturbance(), moment.at(), stepAt(steps, moment.at())))
        .toList();
  }

  private static String stepAt(List<JournalFile.Step> steps, Instant at) {
    return steps.stream()
        .filter(step -> !step.begun().isAfter(at))
        .filter(step -> step.ended().filter(end -> end.isBefore(at)).isEmpty())
        .reduce((first, second) -> second)
        .map(JournalFile.Step::step)
        .orElse("OUTSIDE");
  }

  /** Processes that have the run's directory in their command line. */
  private List<String> leftOver() {
    String mine = world.directory.toString();
    try (var entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
          .filter(entry -> commandLine(entry).contains(mine))
          .map(entry -> "process " + entry.getFileName() + " is left: " + commandLine(entry))
          .toList();
    } catch (IOException e) {
      return List.of("the processes could not be listed: " + e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}
