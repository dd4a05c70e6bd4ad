package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.ApiClient.CLUSTER;
import static dev.caravan.cloud.yandex.ApiClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterHostsRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterHostsResponse;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterOperationsRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterOperationsResponse;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterMetadata;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterMetadata;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.dataproc.v1.Common.Health;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Host;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Role;
import yandex.cloud.api.operation.OperationOuterClass.Operation;

class ClusterLifeTest {

  private static final String OTHER = "c9qothercluster00000";

  @TempDir Path directory;
  private YandexEmulator emulator;
  private ApiClient client;

  @BeforeEach
  void start() throws Exception {
    emulator =
        YandexEmulator.builder(directory)
            .cluster(CLUSTER)
            .startTakes(Duration.ofMillis(300))
            .cluster(OTHER)
            .initially(Status.RUNNING)
            .master("other-master")
            .build();
    client = ApiClient.of(emulator);
  }

  @AfterEach
  void stop() {
    client.close();
    emulator.close();
  }

  private void awaitAlive() {
    await().until(() -> client.get().getHealth() == Health.ALIVE);
  }

  private Operation awaitDone(Operation operation) {
    return await().until(() -> client.operation(operation.getId()), Operation::getDone);
  }

  @Test
  void startsBecomesHealthyStopsAndCanStartAgain() throws Exception {
    assertThat(client.get().getStatus()).isEqualTo(Status.STOPPED);

    Operation start = client.start();
    assertThat(start.getDone()).isFalse();
    assertThat(start.getMetadata().unpack(StartClusterMetadata.class).getClusterId())
        .isEqualTo(CLUSTER);
    Operation started = awaitDone(start);
    assertThat(started.hasError()).isFalse();
    Cluster response = started.getResponse().unpack(Cluster.class);
    assertThat(response.getStatus()).isEqualTo(Status.RUNNING);
    assertThat(response.getHealth()).isEqualTo(Health.HEALTH_UNKNOWN);
    awaitAlive();

    Operation stop = client.stop();
    assertThat(stop.getMetadata().unpack(StopClusterMetadata.class).getClusterId())
        .isEqualTo(CLUSTER);
    assertThat(awaitDone(stop).getResponse().unpack(Cluster.class).getStatus())
        .isEqualTo(Status.STOPPED);

    client.start();
    assertThat(emulator.timeline())
        .extracting(StatusChange::status, StatusChange::health)
        .startsWith(
            tuple(Status.STOPPED, Health.HEALTH_UNKNOWN),
            tuple(Status.STARTING, Health.HEALTH_UNKNOWN),
            tuple(Status.RUNNING, Health.HEALTH_UNKNOWN),
            tuple(Status.RUNNING, Health.ALIVE),
            tuple(Status.STOPPING, Health.HEALTH_UNKNOWN),
            tuple(Status.STOPPED, Health.HEALTH_UNKNOWN),
            tuple(Status.STARTING, Health.HEALTH_UNKNOWN));
    assertThat(emulator.timeline().get(2).at())
        .isAfterOrEqualTo(emulator.timeline().get(1).at().plusMillis(300));
    assertThat(emulator.timeline(OTHER)).hasSize(1);
  }

  @Test
  void startsOnlyWhatIsStoppedAndStopsOnlyWhatRuns() {
    Script script =
        emulator.script().startTakes(Duration.ofHours(1)).stopTakes(Duration.ofHours(1));
    assertThat(statusOf(client::stop).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    client.start();
    assertThat(client.get().getStatus()).isEqualTo(Status.STARTING);
    assertThat(statusOf(client::start).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(statusOf(client::stop).getDescription()).contains("STARTING");
    script.become(Status.RUNNING, Health.ALIVE);
    assertThat(statusOf(client::start).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    client.stop();
    assertThat(client.get().getStatus()).isEqualTo(Status.STOPPING);
    assertThat(statusOf(client::stop).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(emulator.calls(Rpc.STOP_CLUSTER))
        .extracting(call -> call.outcome().orElseThrow())
        .containsExactly(
            Code.FAILED_PRECONDITION, Code.FAILED_PRECONDITION, Code.OK, Code.FAILED_PRECONDITION);
  }

  @Test
  void whatDoesNotExistIsNotFoundAndWhatIsWrongIsNamed() {
    assertThat(
            statusOf(
                    () ->
                        client
                            .clusters()
                            .get(GetClusterRequest.newBuilder().setClusterId("c9qx").build()))
                .getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(
            statusOf(() -> client.clusters().get(GetClusterRequest.getDefaultInstance())).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(statusOf(() -> client.operation("none")).getCode()).isEqualTo(Code.NOT_FOUND);
    StopClusterRequest tooPatient =
        StopClusterRequest.newBuilder().setClusterId(OTHER).setDecommissionTimeout(86_401).build();
    assertThat(statusOf(() -> client.clusters().stop(tooPatient)).getDescription())
        .contains("86401");
    assertThat(statusOf(() -> client.clusters().listHosts(hosts(2000, ""))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(statusOf(() -> client.clusters().listHosts(hosts(0, "page-x"))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(statusOf(() -> client.clusters().listHosts(hosts(0, "x"))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  private static ListClusterHostsRequest hosts(long size, String token) {
    return ListClusterHostsRequest.newBuilder()
        .setClusterId(CLUSTER)
        .setPageSize(size)
        .setPageToken(token)
        .build();
  }

  @Test
  void theMasterIsOnTheLastPageOfTheHosts() {
    ListClusterHostsResponse first = client.clusters().listHosts(hosts(0, ""));
    assertThat(first.getHostsList()).extracting(Host::getRole).containsOnly(Role.COMPUTENODE);
    ListClusterHostsResponse second =
        client.clusters().listHosts(hosts(0, first.getNextPageToken()));
    assertThat(second.getNextPageToken()).isEmpty();
    Host master = second.getHosts(0);
    assertThat(master.getRole()).isEqualTo(Role.MASTERNODE);
    assertThat(master.getName()).isEqualTo("localhost");
  }

  @Test
  void operationsAreListedPageByPageForTheirCluster() {
    List<String> begun = new ArrayList<>();
    begun.add(client.start().getId());
    awaitAlive();
    begun.add(client.stop().getId());
    await().until(() -> emulator.status() == Status.STOPPED);
    begun.add(client.start().getId());
    client.clusters().stop(StopClusterRequest.newBuilder().setClusterId(OTHER).build());

    List<String> listed = new ArrayList<>();
    String token = "";
    do {
      ListClusterOperationsResponse page =
          client
              .clusters()
              .listOperations(
                  ListClusterOperationsRequest.newBuilder()
                      .setClusterId(CLUSTER)
                      .setPageToken(token)
                      .build());
      page.getOperationsList().forEach(operation -> listed.add(operation.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(begun);
  }

  @Test
  void recordsEachCallWithItsRequestId() {
    client.get();
    RecordedCall call = emulator.calls().get(0);
    assertThat(call.rpc()).isEqualTo(Rpc.GET_CLUSTER);
    assertThat(call.requestId()).isEqualTo("request-1");
    assertThat(call.at()).isAfterOrEqualTo(emulator.timeline().get(0).at());
  }

  @Test
  void aBuilderWithoutAClusterIsRefused() {
    assertThatThrownBy(() -> YandexEmulator.builder(directory).build())
        .hasMessageContaining("cluster(id)");
    assertThatThrownBy(() -> YandexEmulator.builder(directory).master("x"))
        .hasMessageContaining("cluster(id)");
  }

  @Test
  void aPortThatWasClosedAnswersNobody() {
    emulator.close();
    assertThat(statusOf(client::get).getCode()).isEqualTo(Code.UNAVAILABLE);
  }
}
