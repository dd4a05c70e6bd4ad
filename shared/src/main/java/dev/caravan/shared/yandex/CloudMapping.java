package dev.caravan.shared.yandex;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Operation;
import java.util.Optional;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass;
import yandex.cloud.api.dataproc.v1.Common;
import yandex.cloud.api.operation.OperationOuterClass;

/**
 * Converts the cloud's messages to Caravan's types. Values that the cloud adds later become
 * UNKNOWN.
 */
final class CloudMapping {
  private CloudMapping() {}

  static Cluster cluster(ClusterOuterClass.Cluster answer) {
    return new Cluster(answer.getId(), status(answer.getStatus()), health(answer.getHealth()));
  }

  static Operation operation(OperationOuterClass.Operation answer) {
    return new Operation(
        answer.getId(),
        answer.getDone(),
        answer.hasError() ? Optional.of(error(answer.getError())) : Optional.empty());
  }

  private static ClusterStatus status(ClusterOuterClass.Cluster.Status status) {
    return switch (status) {
      case CREATING -> ClusterStatus.CREATING;
      case RUNNING -> ClusterStatus.RUNNING;
      case ERROR -> ClusterStatus.ERROR;
      case STOPPING -> ClusterStatus.STOPPING;
      case STOPPED -> ClusterStatus.STOPPED;
      case STARTING -> ClusterStatus.STARTING;
      case STATUS_UNKNOWN, UNRECOGNIZED -> ClusterStatus.UNKNOWN;
    };
  }

  private static ClusterHealth health(Common.Health health) {
    return switch (health) {
      case ALIVE -> ClusterHealth.ALIVE;
      case DEAD -> ClusterHealth.DEAD;
      case DEGRADED -> ClusterHealth.DEGRADED;
      case HEALTH_UNKNOWN, UNRECOGNIZED -> ClusterHealth.UNKNOWN;
    };
  }

  private static String error(Status error) {
    Code code = Code.forNumber(error.getCode());
    return (code == null ? "code " + error.getCode() : code.name()) + ": " + error.getMessage();
  }
}
