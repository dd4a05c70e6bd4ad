package dev.caravan.cloud.yandex;

import java.nio.file.Path;
import java.time.Duration;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.operation.OperationOuterClass.Operation;
import yandex.cloud.api.operation.OperationServiceGrpc;
import yandex.cloud.api.operation.OperationServiceGrpc.OperationServiceBlockingStub;
import yandex.cloud.sdk.ServiceFactory;
import yandex.cloud.sdk.auth.Auth;
import yandex.cloud.sdk.auth.provider.CredentialProvider;
import yandex.cloud.sdk.utils.OperationUtils;

/**
 * What any user of the stock SDK would write: start a cluster, wait, look, stop it. Run by a test
 * in a JVM of its own, whose trust store holds the emulator's certificate. Arguments: address, key
 * file, cluster id.
 */
final class StockSdkProgram {

  private StockSdkProgram() {}

  public static void main(String[] args) throws Exception {
    CredentialProvider credentials =
        Auth.apiKeyBuilder().fromFile(Path.of(args[1])).cloudIAMEndpoint(args[0]).build();
    ServiceFactory factory =
        ServiceFactory.builder()
            .endpoint(args[0])
            .credentialProvider(credentials)
            .requestTimeout(Duration.ofSeconds(10))
            .build();
    ClusterServiceBlockingStub clusters =
        factory.create(ClusterServiceBlockingStub.class, ClusterServiceGrpc::newBlockingStub);
    OperationServiceBlockingStub operations =
        factory.create(OperationServiceBlockingStub.class, OperationServiceGrpc::newBlockingStub);
    Operation start =
        clusters.start(StartClusterRequest.newBuilder().setClusterId(args[2]).build());
    OperationUtils.wait(operations, start, Duration.ofSeconds(20));
    System.out.println(
        clusters.get(GetClusterRequest.newBuilder().setClusterId(args[2]).build()).getStatus());
    Operation stop = clusters.stop(StopClusterRequest.newBuilder().setClusterId(args[2]).build());
    OperationUtils.wait(operations, stop, Duration.ofSeconds(20));
    System.out.println(
        clusters.get(GetClusterRequest.newBuilder().setClusterId(args[2]).build()).getStatus());
    System.exit(0);
  }
}
