package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.MessageCounter.Message;
import dev.caravan.cloud.chaos.RunReport.Moment;
import dev.caravan.cloud.chaos.Strike.Place;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.RecordedEvents.RecordedEvent;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.RecordedCall;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.StatusChange;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** From the end of a run of {@code serve} on, no message is awaited for longer. */
  private static final Duration SILENT = Duration.ofSeconds(3);

  private static final Duration STOPS = Duration.ofSeconds(60);
  private static final Duration ENDS = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration LOOK_AT_EVENTS = Duration.ofMillis(20);
  private static final int CALM_RUNS = 4;
  private static final int MANY = 1000;

  private final ChaosPlan plan;
  private final ChaosWorld world;
  private final boolean again;
  private final List<String> dates;
  private final List<Moment> moments = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private Optional<Duration> toLeaseStop = Optional.empty();
  private Optional<Duration> toEnd = Optional.empty();
  private volatile Optional<ChildProcess> person = Optional.empty();
  private volatile Instant lastDeath = Instant.EPOCH;
  private int messages;

  /**
   * @param again whether a run that succeeded is asked for once more, as random ones are; if not,
   *     one start of the cluster must have done for all dates
   */
  ChaosRun(ChaosPlan plan, ChaosWorld world, boolean again) {
    this.plan = plan;
    this.again = again;
    this.world = world;
    LocalDate yesterday = LocalDate.now(Clock.systemUTC()).minusDays(1);
    this.dates =
        IntStream.range(0, plan.shape().dates())
            .mapToObj(days -> yesterday.minusDays(days).toString())
            .toList();
  }

  RunReport play() throws IOException, InterruptedException, SQLException {
    start();
    for (Disturbance disturbance : plan.disturbances()) {
      if (disturbance.at().place() == Place.BETWEEN_RUNS) {
        strikeBetweenRuns(disturbance);
      } else {
        strikeAtMessage(disturbance);
      }
    }
    Optional<Integer> exitCode = settle();
    Optional<Duration> toStopped = awaitStopped();
    messages = world.messages.messages().size();
    calmDown();
    if (again || exitCode.filter(code -> code == 0).isEmpty()) {
      finish();
    }
    require(world.isStopped(), "the cluster is %s after all", world.cloud.status());
    require(world.orchestrator.left() == 0, "processes of the orchestrator are left");
    world.orchestrator.close();
    world.rival.ifPresent(
        rival -> {
          require(rival.left() == 0, "processes of the other orchestrator are left");
          rival.close();
        });
    inspect();
    return new RunReport(
        plan,
        located(),
        messages,
        toStopped,
        toLeaseStop,
        toEnd,
        states(),
        List.copyOf(violations));
  }

  private void require(boolean holds, String sentence, Object... values) {
    if (!holds) {
      violations.add(sentence.formatted(values));
    }
  }

  private void start() throws IOException {
    world
        .rival
        .filter(rival -> rival.startedAt().equals(Instant.EPOCH))
        .ifPresent(this::startRival);
    world.orchestrator.start(
        switch (plan.shape().command()) {
          case RUN -> run();
          case SERVE -> List.of("serve");
          case BACKFILL -> backfill();
        });
  }

  /** It is never disturbed itself. */
  private void startRival(Orchestrator rival) {
    try {
      rival.start(List.of("serve"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on with one that an earlier process has begun, unless that is held. */
  private List<String> backfill() {
    return List.of(
        "backfill", "--from", dates.get(dates.size() - 1), "--to", dates.get(0), "--newest-first");
  }

  /**
   * What brings the dates to their end.
   *
   * @param attempt from 1
   */
  private List<String> calm(int attempt) throws SQLException {
    if (plan.shape().pair() && attempt == 1) {
      // Refused if there is nothing to repair.
      return Stream.concat(run().stream(), Stream.of("--only-failed")).toList();
    }
    if (plan.shape().command() != Shape.Command.BACKFILL) {
      return run();
    }
    // It goes on only if it is told to, and keeps its dates; then another one takes those that
    // failed.
    List<Long> held = new JournalFile(world.journalUrl).heldBackfills();
    return held.isEmpty()
        ? backfill()
        : List.of("backfill", "--resume", Long.toString(held.get(0)));
  }

  private List<String> run() {
    return Stream.concat(
            Stream.of("run"), dates.stream().flatMap(date -> Stream.of("--date", date)))
        .toList();
  }

  private void strikeBetweenRuns(Disturbance disturbance) throws IOException, InterruptedException {
    if (world.orchestrator.await(SETTLES, event -> event.is("RUN_ENDED"))) {
      strike(disturbance, Optional.empty());
      recover(disturbance);
    }
  }

  /**
   * Does nothing if the run comes to its end by itself before that message. A random strike comes
   * once a run has been taken up, unless it is meant for the very first message: else many would
   * hit the look at the cluster with which each process begins.
   */
  private void strikeAtMessage(Disturbance disturbance) throws IOException, InterruptedException {
    boolean atOnce = !again || disturbance.at().message() == 1;
    boolean armed = false;
    long deadline = System.nanoTime() + SETTLES.toNanos();
    long done = 0;
    while (world.messages.struck().isEmpty() && System.nanoTime() < deadline) {
      if (!armed && (atOnce || hasTakenUpARun())) {
        world.messages.arm(
            disturbance.at(),
            message -> {
              strike(disturbance, Optional.of(message));
              return !disturbance.kind().killsClientOf(message.line());
            });
        armed = true;
      }
      if (!world.orchestrator.isAlive()) {
        break;
      }
      if (plan.serves() && world.isStopped() && isTold()) {
        done = done == 0 ? System.nanoTime() : done;
        if (System.nanoTime() - done > SILENT.toNanos()) {
          break;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
    if (world.messages.disarm().isPresent()) {
      recover(disturbance);
    }
  }

  private boolean hasTakenUpARun() {
    return world.orchestrator.has(event -> event.is("RUN_CLAIMED") || event.is("RUN_CONTINUED"));
  }

  /** What takes effect at once, on the proxy's thread if the strike is at a message. */
  private void strike(Disturbance disturbance, Optional<Message> message) {
    Instant now = Instant.now();
    String step = RunReport.OUTSIDE;
    switch (disturbance.kind()) {
      case KILL_ENDPOINT ->
          step = world.cluster.killEndpoint() ? RunReport.OUTSIDE : RunReport.NO_ENDPOINT;
      case KILL_ORCHESTRATOR, LOSE_ORCHESTRATOR -> world.orchestrator.kill();
      case KILL_BOTH -> {
        world.cluster.killEndpoint();
        world.orchestrator.kill();
      }
      case TERMINATE_ORCHESTRATOR -> world.orchestrator.askToEnd();
      case CUT_LINE -> {
        FaultyProxy proxy =
            world.proxy(message.map(Message::line).orElse(Line.ORCHESTRATOR_TO_CLOUD));
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
      case CANCEL_RUN -> {
        // Nobody can cancel or pause anything in a journal that doesn't answer.
        world.proxy(Line.ORCHESTRATOR_TO_JOURNAL).mend();
        world.latestRun().ifPresent(run -> person = world.person("cancel", run, "--note", "chaos"));
      }
      case PAUSE_PIPELINE -> {
        world.proxy(Line.ORCHESTRATOR_TO_JOURNAL).mend();
        person = world.person("pause", "--note", "chaos");
      }
      case NO_CAPACITY -> {
        // Else the next operation is a stop, which does not end like this.
        if (world.isStopped()) {
          world.cloud.script().failNextOperation(OperationFailure.noCapacity());
        }
      }
    }
    synchronized (moments) {
      moments.add(new Moment(disturbance, now, message, world.orchestrator.startedAt(), step));
    }
    if (disturbance.isDeath()) {
      lastDeath = Instant.now();
    }
  }

  /** What follows a strike, up to the orchestrator's next start. */
  private void recover(Disturbance disturbance) throws IOException, InterruptedException {
    switch (disturbance.kind()) {
      case KILL_ORCHESTRATOR, KILL_BOTH -> startAfter(disturbance.lasts());
      case TERMINATE_ORCHESTRATOR -> {
        Optional<Duration> took = world.orchestrator.terminate(ENDS);
        require(took.isPresent(), "SIGTERM was not followed by the end within %s", ENDS);
        toEnd = longer(toEnd, took);
        startAfter(disturbance.lasts());
      }
      case LOSE_ORCHESTRATOR -> {
        toLeaseStop = awaitStopped();
        startAfter(Duration.ZERO);
      }
      // Refused if the run has ended meanwhile.
      case CANCEL_RUN -> awaitPerson(Set.of(0, 1));
      case PAUSE_PIPELINE -> {
        awaitPerson(Set.of(0));
        person = world.person("resume");
        awaitPerson(Set.of(0));
      }
      case KILL_ENDPOINT, CUT_LINE, CLOUD_UNAVAILABLE, LOSE_ANSWER, LAG, NO_CAPACITY -> {}
    }
  }

  private void awaitPerson(Set<Integer> exitCodes) throws InterruptedException {
    if (person.isPresent()) {
      Optional<Integer> exitCode = person.get().exitCode(ENDS);
      require(
          exitCode.filter(exitCodes::contains).isPresent(),
          "a person's command ended with %s: %s",
          exitCode,
          person.get().lastLines());
      person = Optional.empty();
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
   * Until the orchestrator has ended by itself, or, where it serves, has told how the run ended;
   * its exit code if it ended.
   */
  private Optional<Integer> settle() throws InterruptedException {
    if (plan.serves()) {
      boolean told = awaitTold();
      require(told, "serve did not settle: %s", world.orchestrator.lastLines());
      return Optional.empty();
    }
    Optional<Integer> exitCode = world.orchestrator.exitCode(SETTLES);
    require(exitCode.isPresent(), "run did not settle: %s", world.orchestrator.lastLines());
    return exitCode;
  }

  private boolean awaitTold() throws InterruptedException {
    long deadline = System.nanoTime() + SETTLES.toNanos();
    while (!isTold() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AT_EVENTS.toMillis());
    }
    return isTold();
  }

  /**
   * Whether the last that any process of either orchestrator has told of a run is its end. The one
   * at hand has nothing to tell of a run that ended before the process before it was killed.
   */
  private boolean isTold() {
    return Stream.concat(Stream.of(world.orchestrator), world.rival.stream())
        .flatMap(each -> each.told().stream())
        .filter(event -> tellsEnd(event) || event.is("RUN_QUEUED") || event.is("RUN_CLAIMED"))
        .max(Comparator.comparing(RecordedEvent::at))
        .filter(ChaosRun::tellsEnd)
        .isPresent();
  }

  private static boolean tellsEnd(RecordedEvent event) {
    return event.is("RUN_ENDED") || event.is("RUN_NOT_REPEATED");
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
    world.mend();
    world.cloud.script().answerNormally().reportTruth();
    if (plan.serves()) {
      require(world.orchestrator.terminate(ENDS).isPresent(), "serve did not end within %s", ENDS);
      world.rival.ifPresent(
          rival ->
              require(rival.terminate(ENDS).isPresent(), "the other did not end within %s", ENDS));
    }
  }

  /** Whatever happened, an undisturbed run brings the dates to their end. */
  private void finish() throws IOException, InterruptedException, SQLException {
    for (int run = 1; run <= CALM_RUNS; run++) {
      world.orchestrator.start(calm(run));
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
    JournalFile journal = new JournalFile(world.journalUrl);
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
    long starts = Inspection.starts(world.cloud.timeline());
    violations.addAll(Inspection.ofStarts(starts, journal.starts(), stopsByLease()));
    if (!again) {
      // A single kill; on a busy machine the lease may expire before the process is back.
      require(
          starts <= 1 + stopsByLease(),
          "the cluster was started %d times for all dates, with %d stops by the lease",
          starts,
          stopsByLease());
    }
    violations.addAll(leftOver());
  }

  /** Stops that followed a call of the endpoint's, whether its answer arrived or not. */
  private long stopsByLease() {
    List<RecordedCall> calls = world.cloud.calls(Rpc.STOP_CLUSTER);
    return world.cloud.timeline().stream()
        .filter(change -> change.status() == Cluster.Status.STOPPING)
        .filter(
            change ->
                calls.stream()
                    .filter(call -> !call.at().isAfter(change.at()))
                    .reduce((earlier, later) -> later)
                    .filter(RecordedCall::byMachine)
                    .isPresent())
        .count();
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
    return new JournalFile(world.journalUrl).runs().stream().map(JournalFile.Run::state).toList();
  }

  private List<Moment> located() throws SQLException {
    List<JournalFile.Step> steps = new JournalFile(world.journalUrl).steps();
    List<Moment> struck;
    synchronized (moments) {
      struck = List.copyOf(moments);
    }
    return struck.stream()
        .map(
            moment ->
                new Moment(
                    moment.disturbance(),
                    moment.at(),
                    moment.message(),
                    moment.processStarted(),
                    StepLocator.locate(steps, moment)))
        .toList();
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
