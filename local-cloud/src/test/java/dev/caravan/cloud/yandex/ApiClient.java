package dev.caravan.cloud.yandex;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.iam.v1.IamTokenServiceGrpc;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenRequest;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenResponse;
import yandex.cloud.api.operation.OperationOuterClass.Operation;
import yandex.cloud.api.operation.OperationServiceGrpc;
import yandex.cloud.api.operation.OperationServiceOuterClass.GetOperationRequest;

/** A plain client of the emulator: the generated stubs on a channel that trusts its certificate. */
public final class ApiClient implements AutoCloseable {

  static final String CLUSTER = "c9qtestcluster000000";

  private final ManagedChannel channel;
  private String token = "";

  private ApiClient(ManagedChannel channel) {
    this.channel = channel;
  }

  static ApiClient of(YandexEmulator emulator) throws IOException {
    return connect(emulator.address(), emulator.certificate()).bearer(emulator.issueToken());
  }

  /** A client without a token yet. */
  public static ApiClient connect(String address, Path certificate) throws IOException {
    return new ApiClient(
        NettyChannelBuilder.forTarget(address)
            .sslContext(GrpcSslContexts.forClient().trustManager(certificate.toFile()).build())
            .build());
  }

  public ApiClient bearer(String newToken) {
    token = newToken;
    return this;
  }

  CreateIamTokenResponse exchange(CreateIamTokenRequest request) {
    return IamTokenServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .create(request);
  }

  public CreateIamTokenResponse exchangeJwt(String jwt) {
    return exchange(CreateIamTokenRequest.newBuilder().setJwt(jwt).build());
  }

  public ClusterServiceBlockingStub clusters() {
    return ClusterServiceGrpc.newBlockingStub(channel)
        .withInterceptors(authorization())
        .withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  Cluster get() {
    return clusters().get(GetClusterRequest.newBuilder().setClusterId(CLUSTER).build());
  }

  Operation start() {
    return clusters().start(StartClusterRequest.newBuilder().setClusterId(CLUSTER).build());
  }

  Operation stop() {
    return clusters().stop(StopClusterRequest.newBuilder().setClusterId(CLUSTER).build());
  }

  Operation operation(String id) {
    return OperationServiceGrpc.newBlockingStub(channel)
        .withInterceptors(authorization())
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .get(GetOperationRequest.newBuilder().setOperationId(id).build());
  }

  private ClientInterceptor authorization() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    headers.put(
        Metadata.Key.of("x-client-request-id", Metadata.ASCII_STRING_MARSHALLER), "request-1");
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** The status that the call fails with; a call that succeeds fails the test. */
  static io.grpc.Status statusOf(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
    throw new AssertionError("the call succeeded");
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
