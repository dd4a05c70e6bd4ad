package dev.caravan.cloud.yandex;

import io.grpc.MethodDescriptor;
import java.util.Arrays;
import java.util.Optional;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc;
import yandex.cloud.api.endpoint.ApiEndpointServiceGrpc;
import yandex.cloud.api.iam.v1.IamTokenServiceGrpc;
import yandex.cloud.api.operation.OperationServiceGrpc;

/** The calls that the emulator serves. */
public enum Rpc {
  CREATE_TOKEN(IamTokenServiceGrpc.getCreateMethod(), false),
  LIST_ENDPOINTS(ApiEndpointServiceGrpc.getListMethod(), false),
  GET_CLUSTER(ClusterServiceGrpc.getGetMethod(), true),
  START_CLUSTER(ClusterServiceGrpc.getStartMethod(), true),
  STOP_CLUSTER(ClusterServiceGrpc.getStopMethod(), true),
  LIST_HOSTS(ClusterServiceGrpc.getListHostsMethod(), true),
  LIST_OPERATIONS(ClusterServiceGrpc.getListOperationsMethod(), true),
  GET_OPERATION(OperationServiceGrpc.getGetMethod(), true);

  private final String methodName;
  private final boolean needsToken;

  Rpc(MethodDescriptor<?, ?> method, boolean needsToken) {
    this.methodName = method.getFullMethodName();
    this.needsToken = needsToken;
  }

  boolean needsToken() {
    return needsToken;
  }

  static Optional<Rpc> of(MethodDescriptor<?, ?> method) {
    return Arrays.stream(values())
        .filter(rpc -> rpc.methodName.equals(method.getFullMethodName()))
        .findFirst();
  }
}
