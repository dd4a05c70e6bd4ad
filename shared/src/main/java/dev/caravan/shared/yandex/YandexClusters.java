package dev.caravan.shared.yandex;

import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc;
import yandex.cloud.api.dataproc.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.GetClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.ListClusterHostsRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StartClusterRequest;
import yandex.cloud.api.dataproc.v1.ClusterServiceOuterClass.StopClusterRequest;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Host;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Role;
import yandex.cloud.api.operation.OperationServiceGrpc;
import yandex.cloud.api.operation.OperationServiceGrpc.OperationServiceBlockingStub;
import yandex.cloud.api.operation.OperationServiceOuterClass.GetOperationRequest;

/**
 * Yandex Data Proc clusters. The deadline of each call is the configured call timeout, the wait for
 * the first IAM token included; reads are tried up to four times within it if the cloud is
 * unavailable, start and stop are sent once (twice only if the cloud refused the first one's token
 * unseen).
 */
public final class YandexClusters implements Clusters {
  private static final long PAGE_SIZE = 1000; // the largest the API takes
  private static final int CLOSE_SECONDS = 2;

  private final GrpcChannels channels;
  private final ScheduledThreadPoolExecutor tokenThread;
  private final TokenCache tokens;
  private final Calls calls;
  private final ClusterServiceBlockingStub clusters;
  private final OperationServiceBlockingStub operations;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CloudErrors errors = new CloudErrors();

  /**
   * Reads the credentials and the CA file, but does not speak to the cloud yet.
   *
   * @throws dev.caravan.shared.FatalException if one of the files is unusable
   */
  public static YandexClusters connect(YandexSettings config, Clock clock) {
    GrpcChannels channels = GrpcChannels.open(config);
    try {
      return new YandexClusters(
          config, clock, channels, TokenSources.of(config, channels.iam(), clock));
    } catch (RuntimeException e) {
      channels.close();
      throw e;
    }
  }

  private YandexClusters(
      YandexSettings config, Clock clock, GrpcChannels channels, TokenSource tokenSource) {
    this.channels = channels;
    this.tokenThread = tokenThread();
    this.tokens =
        new TokenCache(
            tokenSource,
            clock,
            this::onTokenThread,
            new RenewalPlan(() -> ThreadLocalRandom.current().nextDouble()));
    this.calls =
        new Calls(
            tokens, config.callTimeout(), config.credentials().describe(), closed::get, errors);
    this.clusters = ClusterServiceGrpc.newBlockingStub(channels.dataproc());
    this.operations = OperationServiceGrpc.newBlockingStub(channels.operations());
  }

  private Runnable onTokenThread(Runnable task, Duration wait) {
    var scheduled = tokenThread.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  /** One thread of its own: a fetch may block it and nothing else. */
  private static ScheduledThreadPoolExecutor tokenThread() {
    var executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "caravan-yandex-token");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /**
   * Gets a token for our credentials, unless there is one; no cluster is asked for.
   *
   * @throws dev.caravan.shared.RetryableException as the methods of {@link Clusters} do
   * @throws dev.caravan.shared.FatalException likewise
   */
  public void requireToken() {
    calls.requireToken("The exchange of the credentials for a token");
  }

  /** How many calls have failed since this was made. */
  public CloudErrors errors() {
    return errors;
  }

  @Override
  public Cluster look(String clusterId) {
    var request = GetClusterRequest.newBuilder().setClusterId(clusterId).build();
    return CloudMapping.cluster(
        calls.make(
            CloudCall.LOOK,
            "Look at cluster " + clusterId,
            call -> call.on(clusters).get(request)));
  }

  @Override
  public Operation start(String clusterId) {
    var request = StartClusterRequest.newBuilder().setClusterId(clusterId).build();
    return CloudMapping.operation(
        calls.make(
            CloudCall.START,
            "Start of cluster " + clusterId,
            call -> call.on(clusters).start(request)));
  }

  @Override
  public Operation stop(String clusterId) {
    // No decommission time: when we stop a cluster its jobs have ended, and it holds no HDFS.
    var request = StopClusterRequest.newBuilder().setClusterId(clusterId).build();
    return CloudMapping.operation(
        calls.make(
            CloudCall.STOP,
            "Stop of cluster " + clusterId,
            call -> call.on(clusters).stop(request)));
  }

  @Override
  public Operation operation(String operationId) {
    var request = GetOperationRequest.newBuilder().setOperationId(operationId).build();
    return CloudMapping.operation(
        calls.make(
            CloudCall.OPERATION,
            "Look at operation " + operationId,
            call -> call.on(operations).get(request)));
  }

  @Override
  public Optional<String> masterHost(String clusterId) {
    return calls.make(
        CloudCall.HOSTS, "Hosts of cluster " + clusterId, call -> masterHost(clusterId, call));
  }

  private Optional<String> masterHost(String clusterId, Calls.Envelope call) {
    var request =
        ListClusterHostsRequest.newBuilder().setClusterId(clusterId).setPageSize(PAGE_SIZE);
    do { // ends with the deadline at the latest
      var page = call.on(clusters).listHosts(request.build());
      for (Host host : page.getHostsList()) {
        if (host.getRole() == Role.MASTERNODE && !host.getName().isBlank()) {
          return Optional.of(host.getName());
        }
      }
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return Optional.empty();
  }

  /** Breaks off what is under way and ends all threads; returns within seconds. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    tokens.close();
    tokenThread.shutdownNow();
    channels.close();
    try {
      tokenThread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
