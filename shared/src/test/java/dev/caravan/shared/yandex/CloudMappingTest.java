package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Operation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass;
import yandex.cloud.api.operation.OperationOuterClass;

/** By number, as it comes over the wire. */
class CloudMappingTest {

  @ParameterizedTest
  @CsvSource({
    "0, UNKNOWN",
    "1, CREATING",
    "2, RUNNING",
    "3, ERROR",
    "4, STOPPING",
    "5, STOPPED",
    "6, STARTING",
    "7, UNKNOWN",
    "-1, UNKNOWN"
  })
  void status(int number, ClusterStatus status) {
    var answer = ClusterOuterClass.Cluster.newBuilder().setId("c9q1").setStatusValue(number);
    assertThat(CloudMapping.cluster(answer.build()))
        .isEqualTo(new Cluster("c9q1", status, ClusterHealth.UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({"0, UNKNOWN", "1, ALIVE", "2, DEAD", "3, DEGRADED", "4, UNKNOWN"})
  void health(int number, ClusterHealth health) {
    var answer = ClusterOuterClass.Cluster.newBuilder().setHealthValue(number);
    assertThat(CloudMapping.cluster(answer.build()).health()).isEqualTo(health);
  }

  @Test
  void operationUnderWay() {
    var answer = OperationOuterClass.Operation.newBuilder().setId("op1");
    assertThat(CloudMapping.operation(answer.build()))
        .isEqualTo(new Operation("op1", false, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"8, RESOURCE_EXHAUSTED: no room", "99, code 99: no room"})
  void errorOfAnOperation(int code, String error) {
    var answer =
        OperationOuterClass.Operation.newBuilder()
            .setError(Status.newBuilder().setCode(code).setMessage("no room"));
    assertThat(CloudMapping.operation(answer.build()).error()).contains(error);
  }
}
