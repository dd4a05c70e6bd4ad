package dev.caravan.shared.yandex;

import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc;
import yandex.cloud.api.operation.OperationServiceGrpc;

/**
 * gRPC's own retries (gRFC A6), only for reads: a start or stop whose response was lost is repeated
 * only after the cluster's status was checked. All tries share the call's deadline.
 */
final class ReadRetry {
  private ReadRetry() {}

  static Map<String, ?> serviceConfig() {
    return Map.of(
        "methodConfig",
        List.of(
            Map.of(
                "name",
                List.of(
                    name(ClusterServiceGrpc.getGetMethod()),
                    name(ClusterServiceGrpc.getListHostsMethod()),
                    name(OperationServiceGrpc.getGetMethod())),
                "retryPolicy",
                Map.of(
                    "maxAttempts",
                    4.0,
                    "initialBackoff",
                    "0.2s",
                    "maxBackoff",
                    "2s",
                    "backoffMultiplier",
                    2.0,
                    "retryableStatusCodes",
                    List.of("UNAVAILABLE")))));
  }

  private static Map<String, String> name(MethodDescriptor<?, ?> method) {
    return Map.of("service", method.getServiceName(), "method", method.getBareMethodName());
  }
}
