package dev.caravan.cloud.yandex;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * A Yandex Cloud API on a free loopback port: tokens, Data Proc clusters, operations, over gRPC
 * with TLS. {@link #close()} ends the server within seconds; the bodies of the clusters belong to
 * for any client. All methods may be called from any thread.
 */
public final class YandexEmulator implements AutoCloseable {

  private final ExecutorService calls = Executors.newCachedThreadPool(daemons("local-yandex-api"));
  private final ScheduledExecutorService changes =
      Executors.newScheduledThreadPool(4, daemons("local-yandex-cluster"));
  private final ServiceAccount account = ServiceAccount.create();
  private final String oauthToken = "y0_local-" + UUID.randomUUID();
  private final CallFaults faults = new CallFaults();
  private final CallRecorder recorder;
  private final IssuedTokens tokens;
  private final EmulatedClusters clusters;
  private final Path certificate;
  private final Path serviceAccountKey;
  private final MetadataServer metadata;
  private final Server server;

  YandexEmulator(YandexEmulatorBuilder from) throws IOException {
    Clock clock = from.clock;
    Operations operations = new Operations(clock);
    recorder = new CallRecorder(clock);
    tokens = new IssuedTokens(clock, from.tokenLife);
    clusters = new EmulatedClusters(from.clusters.values(), operations, changes, clock);
    TlsIdentity tls = TlsIdentity.selfMade();
    Files.createDirectories(from.directory);
    certificate = tls.writeCertificate(from.directory.resolve("ca.pem"));
    serviceAccountKey =
        account.writeKeyFile(from.directory.resolve("service-account-key.json"), clock.instant());
    metadata = new MetadataServer(tokens, clock, calls);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(calls)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keyManagers())).build());
    JwtVerifier verifier = new JwtVerifier(account, clock);
    Stream.of(
            new IamTokenService(verifier, tokens, oauthToken),
            new ApiEndpointService(this::address),
            new ClusterService(clusters, operations, from.pageLimit),
            new OperationService(operations))
        .map(
            service ->
                ServerInterceptors.interceptForward(
                    service, recorder, faults, new TokenGuard(tokens)))
        .forEach(builder::addService);
    server = builder.build().start();
  }

  /** Describes an emulator that writes its certificate and key files into this directory. */
  public static YandexEmulatorBuilder builder(Path directory) {
    return new YandexEmulatorBuilder(directory);
  }

  /** Where all its services listen. */
  public int port() {
    return server.getPort();
  }

  /** Host and port for a client's settings. */
  public String address() {
    return "localhost:" + port();
  }

  /** The server's self-made certificate as PEM, for the client's trust. */
  public Path certificate() {
    return certificate;
  }

  /**
   * A key file of the service account that may do everything here, JSON as the cloud's console
   * gives it, mode 600.
   */
  public Path serviceAccountKey() {
    return serviceAccountKey;
  }

  /** An OAuth token that is accepted in exchange for an IAM token. */
  public String oauthToken() {
    return oauthToken;
  }

  /** Issues an IAM token as if somebody had asked for one elsewhere. */
  public String issueToken() {
    return tokens.issue(IssuedTokens.Holder.ACCOUNT).value();
  }

  /** The metadata server of a machine in this cloud, in place of http://169.254.169.254. */
  public URI metadata() {
    return metadata.uri();
  }

  /** The script of the first cluster. */
  public Script script() {
    return new Script(faults, tokens, clusters.first());
  }

  /** The script of a cluster. */
  public Script script(String clusterId) {
    return new Script(faults, tokens, clusters.find(clusterId));
  }

  /** All calls so far in order of arrival, refused ones too. */
  public List<RecordedCall> calls() {
    return recorder.calls();
  }

  /** The calls of one kind so far. */
  public List<RecordedCall> calls(Rpc rpc) {
    return calls().stream().filter(call -> call.rpc() == rpc).toList();
  }

  /** What the first cluster really was, from its first state on. */
  public List<StatusChange> timeline() {
    return clusters.first().cluster().timeline();
  }

  /** What a cluster really was, from its first state on. */
  public List<StatusChange> timeline(String clusterId) {
    return clusters.find(clusterId).cluster().timeline();
  }

  /** The first cluster's true status now. */
  public Cluster.Status status() {
    return clusters.first().cluster().message().getStatus();
  }

  @Override
  public void close() {
    server.shutdownNow();
    metadata.close();
    changes.shutdownNow();
    calls.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
