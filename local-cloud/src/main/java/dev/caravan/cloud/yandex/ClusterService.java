package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.GrpcAnswer.answer;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc.ClusterServiceImplBase;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterHostsRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterHostsResponse;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterOperationsRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterOperationsResponse;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Host;
import yandex.cloud.api.operation.OperationOuterClass.Operation;

/**
 * The part of yandex.cloud.dataproc.v1.ClusterService that a cluster's user needs; the rest is
 * UNIMPLEMENTED.
 */
final class ClusterService extends ClusterServiceImplBase {

  private static final long LONGEST_DECOMMISSION_SECONDS = 86_400;

  private final EmulatedClusters clusters;
  private final Operations operations;
  private final int pageLimit;

  ClusterService(EmulatedClusters clusters, Operations operations, int pageLimit) {
    this.clusters = clusters;
    this.operations = operations;
    this.pageLimit = pageLimit;
  }

  @Override
  public void get(GetClusterRequest request, StreamObserver<Cluster> observer) {
    answer(observer, () -> clusters.find(request.getClusterId()).reported().message());
  }

  @Override
  public void start(StartClusterRequest request, StreamObserver<Operation> observer) {
    answer(observer, () -> clusters.find(request.getClusterId()).cluster().start());
  }

  @Override
  public void stop(StopClusterRequest request, StreamObserver<Operation> observer) {
    answer(
        observer,
        () -> {
          long seconds = request.getDecommissionTimeout();
          if (seconds < 0 || seconds > LONGEST_DECOMMISSION_SECONDS) {
            throw Status.INVALID_ARGUMENT
                .withDescription("decommission_timeout must be 0 to 86400, not " + seconds)
                .asRuntimeException();
          }
          return clusters.find(request.getClusterId()).cluster().stop();
        });
  }

  @Override
  public void listHosts(
      ListClusterHostsRequest request, StreamObserver<ListClusterHostsResponse> observer) {
    answer(
        observer,
        () -> {
          EmulatedCluster cluster = clusters.find(request.getClusterId()).cluster();
          Page<Host> page =
              Page.of(
                  cluster.settings().hosts(),
                  request.getPageSize(),
                  request.getPageToken(),
                  pageLimit);
          return ListClusterHostsResponse.newBuilder()
              .addAllHosts(page.items())
              .setNextPageToken(page.nextToken())
              .build();
        });
  }

  @Override
  public void listOperations(
      ListClusterOperationsRequest request,
      StreamObserver<ListClusterOperationsResponse> observer) {
    answer(
        observer,
        () -> {
          clusters.find(request.getClusterId());
          Page<Operation> page =
              Page.of(
                  operations.ofCluster(request.getClusterId()),
                  request.getPageSize(),
                  request.getPageToken(),
                  pageLimit);
          return ListClusterOperationsResponse.newBuilder()
              .addAllOperations(page.items())
              .setNextPageToken(page.nextToken())
              .build();
        });
  }
}
