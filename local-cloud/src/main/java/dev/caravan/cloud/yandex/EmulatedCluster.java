package dev.caravan.cloud.yandex;

import com.google.protobuf.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterMetadata;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterMetadata;
import yandex.cloud.api.dataproc.v1.Common.Health;
import yandex.cloud.api.operation.OperationOuterClass.Operation;

/**
 * One cluster: its true status and health, the operations that change them, and its body. STOPPED,
 * STARTING, RUNNING with health unknown, RUNNING and ALIVE, STOPPING, STOPPED. A change made by
 * hand overtakes an operation under way. Safe for all threads.
 */
final class EmulatedCluster {

  private static final Logger log = LoggerFactory.getLogger(EmulatedCluster.class);
  private static final Duration LOOK_AT_BODY = Duration.ofMillis(250);

  private final List<StatusChange> timeline = new ArrayList<>();
  private final Deque<OperationFailure> failures = new ArrayDeque<>();
  private final Set<Status> stoppable = EnumSet.of(Status.RUNNING);
  private final Operations operations;
  private final ScheduledExecutorService executor;
  private final Clock clock;
  private ClusterSettings settings;
  private Status status;
  private Health health = Health.HEALTH_UNKNOWN;

  /** Counts the changes of direction; what was scheduled before the last one no longer applies. */
  private long course;

  EmulatedCluster(
      ClusterSettings settings,
      Operations operations,
      ScheduledExecutorService executor,
      Clock clock) {
    this.settings = settings;
    this.operations = operations;
    this.executor = executor;
    this.clock = clock;
    become(
        settings.initially(),
        settings.initially() == Status.RUNNING ? Health.ALIVE : Health.HEALTH_UNKNOWN);
  }

  /** Accepts a start. Throws {@link IllegalStateException} if the cluster isn't STOPPED. */
  synchronized Operation start() {
    if (status != Status.STOPPED) {
      throw new IllegalStateException(
          "Cluster " + settings.id() + " can't be started: its status is " + status);
    }
    Message metadata = StartClusterMetadata.newBuilder().setClusterId(settings.id()).build();
    Operation operation = operations.begin(settings.id(), "Start cluster", metadata);
    become(Status.STARTING, Health.HEALTH_UNKNOWN);
    OperationFailure failure = failures.poll();
    if (failure != null) {
      fail(operation.getId(), failure);
    } else {
      work(operation.getId(), settings.startTakes(), settings.body()::start, this::started);
    }
    return operation;
  }

  /** Accepts a stop. Throws {@link IllegalStateException} if the cluster isn't RUNNING. */
  synchronized Operation stop() {
    if (!stoppable.contains(status)) {
      throw new IllegalStateException(
          "Cluster " + settings.id() + " can't be stopped: its status is " + status);
    }
    Message metadata = StopClusterMetadata.newBuilder().setClusterId(settings.id()).build();
    Operation operation = operations.begin(settings.id(), "Stop cluster", metadata);
    become(Status.STOPPING, Health.HEALTH_UNKNOWN);
    OperationFailure failure = failures.poll();
    if (failure != null) {
      fail(operation.getId(), failure);
    } else {
      work(operation.getId(), settings.stopTakes(), settings.body()::stop, this::stopped);
    }
    return operation;
  }

  private interface BodyStep {
    void run() throws Exception;
  }

  private void work(String operation, Duration takes, BodyStep step, Runnable then) {
    long mine = course;
    Instant earliest = clock.instant().plus(takes);
    executor.execute(
        () -> {
          try {
            step.run();
          } catch (Exception e) {
            log.warn("the body of cluster {} failed: {}", settings.id(), e.toString());
            onCourse(mine, () -> failNow(operation, bodyFailure(e)));
            return;
          }
          Duration rest = Duration.between(clock.instant(), earliest);
          later(rest, mine, () -> finish(operation, then));
        });
  }

  private void finish(String operation, Runnable then) {
    then.run();
    operations.succeed(operation, message());
  }

  private void started() {
    become(Status.RUNNING, Health.HEALTH_UNKNOWN);
    later(settings.healthTakes(), course, this::lookAtBody);
  }

  private void stopped() {
    become(Status.STOPPED, Health.HEALTH_UNKNOWN);
  }

  /** Runs without the lock around the look itself, since that may take a second. */
  private void lookAtBody() {
    long mine = course;
    executor.execute(
        () -> {
          boolean alive = settings.body().alive();
          onCourse(mine, () -> sawBody(alive));
        });
  }

  private void sawBody(boolean alive) {
    if (alive && health != Health.ALIVE) {
      note(status, Health.ALIVE);
    } else if (!alive && health == Health.ALIVE) {
      note(status, Health.DEAD);
    }
    later(LOOK_AT_BODY, course, this::lookAtBody);
  }

  private void fail(String operation, OperationFailure failure) {
    later(failure.after(), course, () -> failNow(operation, failure));
  }

  private void failNow(String operation, OperationFailure failure) {
    become(failure.leaves(), Health.HEALTH_UNKNOWN);
    operations.fail(operation, failure.error(), failure.done());
  }

  private static OperationFailure bodyFailure(Exception e) {
    return OperationFailure.of(io.grpc.Status.Code.INTERNAL, String.valueOf(e.getMessage()))
        .leaving(Status.ERROR);
  }

  private void later(Duration delay, long mine, Runnable step) {
    long millis = Math.max(0, delay.toMillis());
    executor.schedule(() -> onCourse(mine, step), millis, TimeUnit.MILLISECONDS);
  }

  private synchronized void onCourse(long expected, Runnable step) {
    if (course == expected) {
      step.run();
    }
  }

  /** Changes the truth, and the direction with it. */
  synchronized void become(Status newStatus, Health newHealth) {
    course++;
    note(newStatus, newHealth);
  }

  private synchronized void note(Status newStatus, Health newHealth) {
    status = newStatus;
    health = newHealth;
    timeline.add(new StatusChange(clock.instant(), newStatus, newHealth));
    log.info("cluster {} is {}, {}", settings.id(), newStatus, newHealth);
  }

  synchronized void failNextOperation(OperationFailure failure) {
    failures.add(failure);
  }

  synchronized void stoppableWhen(Status also) {
    stoppable.add(also);
  }

  synchronized ClusterSettings settings() {
    return settings;
  }

  synchronized void settings(ClusterSettings changed) {
    settings = changed;
  }

  synchronized List<StatusChange> timeline() {
    return List.copyOf(timeline);
  }

  /** The truth as the API's message. */
  synchronized Cluster message() {
    return Cluster.newBuilder()
        .setId(settings.id())
        .setName("local")
        .setFolderId("b1glocalfolder000000")
        .setStatus(status)
        .setHealth(health)
        .build();
  }
}
