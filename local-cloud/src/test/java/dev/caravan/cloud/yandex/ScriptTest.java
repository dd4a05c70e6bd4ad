package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.ApiClient.CLUSTER;
import static dev.caravan.cloud.yandex.ApiClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.Common.Health;
import yandex.cloud.api.operation.OperationOuterClass.Operation;

class ScriptTest {

  @TempDir Path directory;
  private final TestBody body = new TestBody();
  private YandexEmulator emulator;
  private ApiClient client;
  private Script script;

  private static final class TestBody implements ClusterBody {
    volatile boolean alive;
    volatile Exception refuses;
    final CountDownLatch mayStart = new CountDownLatch(1);
    volatile boolean waits;

    @Override
    public void start() throws Exception {
      failIfTold();
      if (waits && !mayStart.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let the body start");
      }
      alive = true;
    }

    @Override
    public void stop() throws Exception {
      failIfTold();
      alive = false;
    }

    private void failIfTold() throws Exception {
      if (refuses != null) {
        throw refuses;
      }
    }

    @Override
    public boolean alive() {
      return alive;
    }
  }

  @BeforeEach
  void start() throws Exception {
    emulator = YandexEmulator.builder(directory).cluster(CLUSTER).body(body).build();
    client = ApiClient.of(emulator);
    script = emulator.script();
  }

  @AfterEach
  void stop() {
    client.close();
    emulator.close();
  }

  private void awaitStatus(Status status) {
    await().until(() -> emulator.status() == status);
  }

  private void awaitHealth(Health health) {
    await().until(() -> client.get().getHealth() == health);
  }

  @Test
  void aCallFailsAsOftenAsTold() {
    script.fail(Rpc.GET_CLUSTER, io.grpc.Status.UNAVAILABLE.withDescription("try later"), 2);
    assertThat(statusOf(client::get).getDescription()).isEqualTo("try later");
    assertThat(statusOf(client::get).getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(client.get().getId()).isEqualTo(CLUSTER);
  }

  @Test
  void aFailedStartHasNoEffectAndALostAnswerHas() {
    script.fail(Rpc.START_CLUSTER, io.grpc.Status.ABORTED, 1);
    assertThat(statusOf(client::start).getCode()).isEqualTo(Code.ABORTED);
    assertThat(emulator.status()).isEqualTo(Status.STOPPED);
    script.loseAnswer(Rpc.START_CLUSTER, 1);
    assertThat(statusOf(client::start).getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(emulator.status()).isNotEqualTo(Status.STOPPED);
  }

  @Test
  void aCallHangsUntilTheClientGivesUpAndOthersPass() {
    client.get(); // connects
    script.hang(Rpc.GET_CLUSTER, 1);
    io.grpc.Status status =
        statusOf(
            () ->
                client
                    .clusters()
                    .withDeadlineAfter(1, TimeUnit.SECONDS)
                    .get(GetClusterRequest.newBuilder().setClusterId(CLUSTER).build()));
    assertThat(status.getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(client.get().getId()).isEqualTo(CLUSTER);
    await()
        .untilAsserted(
            () -> assertThat(emulator.calls().get(1).outcome()).contains(Code.CANCELLED));
  }

  @Test
  void aCallIsSlowUntilToldOtherwise() {
    script.delay(Rpc.GET_CLUSTER, Duration.ofMillis(300));
    Instant before = Instant.now();
    client.get();
    assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(299));
    script.delay(Rpc.GET_CLUSTER, Duration.ofMinutes(1)).answerNormally();
    assertThat(client.get().getId()).isEqualTo(CLUSTER);
  }

  @Test
  void aQuotaErrorEndsTheOperationAndLeavesTheClusterStopped() {
    script.failNextOperation(OperationFailure.quotaExceeded());
    String id = client.start().getId();
    Operation failed = await().until(() -> client.operation(id), Operation::getDone);
    assertThat(failed.getError().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED.value());
    assertThat(failed.getError().getMessage()).contains("Quota");
    assertThat(failed.hasResponse()).isFalse();
    assertThat(emulator.status()).isEqualTo(Status.STOPPED);
    assertThat(body.alive).isFalse();

    client.start();
    awaitHealth(Health.ALIVE);
  }

  @Test
  void anErrorMayAppearInAnOperationThatIsNotDone() {
    script.failNextOperation(
        OperationFailure.noCapacity()
            .after(Duration.ofMillis(50))
            .beforeDone()
            .leaving(Status.ERROR));
    String id = client.start().getId();
    Operation failed = await().until(() -> client.operation(id), Operation::hasError);
    assertThat(failed.getDone()).isFalse();
    assertThat(client.get().getStatus()).isEqualTo(Status.ERROR);
  }

  @Test
  void aFailedStopLeavesTheStatusThatWasTold() {
    client.start();
    awaitStatus(Status.RUNNING);
    script.failNextOperation(
        OperationFailure.of(Code.INTERNAL, "Internal error").leaving(Status.RUNNING));
    String id = client.stop().getId();
    Operation failed = await().until(() -> client.operation(id), Operation::getDone);
    assertThat(failed.getError().getMessage()).isEqualTo("Internal error");
    assertThat(emulator.status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void getSaysAnyNumberItIsTold() {
    script.reportStatus(77).reportHealth(88);
    assertThat(client.get().getStatus()).isEqualTo(Status.UNRECOGNIZED);
    assertThat(client.get().getStatusValue()).isEqualTo(77);
    assertThat(client.get().getHealthValue()).isEqualTo(88);
    script.reportTruth();
    assertThat(client.get().getStatus()).isEqualTo(Status.STOPPED);
  }

  @Test
  void theStatusLagsBehindTheOperation() {
    script.reportLags(Duration.ofMinutes(1));
    String id = client.start().getId();
    await().until(() -> client.operation(id).getDone());
    assertThat(client.get().getStatus()).isNotEqualTo(Status.RUNNING);
    script.reportTruth();
    assertThat(client.get().getStatus()).isEqualTo(Status.RUNNING);
  }

  @Test
  void aBodyThatCannotStartMakesTheClusterAnError() {
    body.refuses = new IllegalStateException("no such jar");
    String id = client.start().getId();
    Operation failed = await().until(() -> client.operation(id), Operation::getDone);
    assertThat(failed.getError().getMessage()).contains("no such jar");
    assertThat(emulator.status()).isEqualTo(Status.ERROR);
    assertThat(statusOf(client::stop).getCode()).isEqualTo(Code.FAILED_PRECONDITION);

    body.refuses = null;
    script.stoppableWhen(Status.ERROR);
    client.stop();
    awaitStatus(Status.STOPPED);
  }

  @Test
  void aBodyThatDiesMakesTheHealthDead() {
    client.start();
    awaitHealth(Health.ALIVE);
    body.alive = false;
    awaitHealth(Health.DEAD);
    body.alive = true;
    awaitHealth(Health.ALIVE);
  }

  @Test
  void somebodyElseStartsAndStopsWithoutACallOfOurs() {
    script.startedBySomebody();
    awaitStatus(Status.RUNNING);
    script.stoppedBySomebody();
    awaitStatus(Status.STOPPED);
    assertThat(body.alive).isFalse();
    assertThat(emulator.calls(Rpc.START_CLUSTER)).isEmpty();
    assertThat(emulator.calls(Rpc.STOP_CLUSTER)).isEmpty();
  }

  @Test
  void aChangeByHandOvertakesTheOperationUnderWay() {
    body.waits = true;
    String id = client.start().getId();
    script.become(Status.ERROR, Health.DEAD);
    body.mayStart.countDown();
    await()
        .during(Duration.ofMillis(400))
        .until(() -> emulator.status() == Status.ERROR && !client.operation(id).getDone());
  }

  @Test
  void durationsCanBeChangedWhileItRuns() {
    script.startTakes(Duration.ofHours(1));
    client.start();
    await().until(() -> body.alive);
    assertThat(emulator.status()).isEqualTo(Status.STARTING);
    script.become(Status.STOPPED, Health.HEALTH_UNKNOWN);
    script.startTakes(Duration.ZERO).healthTakes(Duration.ofHours(1)).stopTakes(Duration.ZERO);
    client.start();
    awaitStatus(Status.RUNNING);
    assertThat(client.get().getHealth()).isEqualTo(Health.HEALTH_UNKNOWN);
    client.stop();
    awaitStatus(Status.STOPPED);
  }
}
