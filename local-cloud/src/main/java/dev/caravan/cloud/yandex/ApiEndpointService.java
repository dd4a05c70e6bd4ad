package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.GrpcAnswer.answer;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;
import yandex.cloud.api.endpoint.ApiEndpointOuterClass.ApiEndpoint;
import yandex.cloud.api.endpoint.ApiEndpointServiceGrpc.ApiEndpointServiceImplBase;
import yandex.cloud.api.endpoint.ApiEndpointServiceOuterClass.ListApiEndpointsRequest;
import yandex.cloud.api.endpoint.ApiEndpointServiceOuterClass.ListApiEndpointsResponse;

/**
 * yandex.cloud.endpoint.ApiEndpointService: List. The stock SDK asks it, without a token, where
 * each service lives.
 */
final class ApiEndpointService extends ApiEndpointServiceImplBase {

  private static final List<String> SERVICES = List.of("endpoint", "iam", "operation", "dataproc");

  private final Supplier<String> address;

  ApiEndpointService(Supplier<String> address) {
    this.address = address;
  }

  @Override
  public void list(
      ListApiEndpointsRequest request, StreamObserver<ListApiEndpointsResponse> observer) {
    answer(
        observer,
        () -> {
          ListApiEndpointsResponse.Builder response = ListApiEndpointsResponse.newBuilder();
          for (String service : SERVICES) {
            response.addEndpoints(
                ApiEndpoint.newBuilder().setId(service).setAddress(address.get()));
          }
          return response.build();
        });
  }
}
