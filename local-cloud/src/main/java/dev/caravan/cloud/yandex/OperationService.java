package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.GrpcAnswer.answer;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import yandex.cloud.api.operation.OperationOuterClass.Operation;
import yandex.cloud.api.operation.OperationServiceGrpc.OperationServiceImplBase;
import yandex.cloud.api.operation.OperationServiceOuterClass.GetOperationRequest;

/** yandex.cloud.operation.OperationService: Get. */
final class OperationService extends OperationServiceImplBase {

  private final Operations operations;

  OperationService(Operations operations) {
    this.operations = operations;
  }

  @Override
  public void get(GetOperationRequest request, StreamObserver<Operation> observer) {
    answer(observer, () -> find(request.getOperationId()));
  }

  private Operation find(String id) {
    return operations
        .find(id)
        .orElseThrow(
            () ->
                Status.NOT_FOUND
                    .withDescription("Operation " + id + " not found")
                    .asRuntimeException());
  }
}
