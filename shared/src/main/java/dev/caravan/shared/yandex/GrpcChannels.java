package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.HostAndPort;
import io.grpc.Deadline;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.ProxiedSocketAddress;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import yandex.cloud.sdk.auth.useragent.UserAgent;

/**
 * Our own channels to the cloud, always with TLS. The SDK's factory makes channels without
 * deadlines, retries and keep-alive, and may wait for a token on a channel's own event loop.
 */
record GrpcChannels(ManagedChannel dataproc, ManagedChannel operations, ManagedChannel iam)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GrpcChannels.class);

  /** gRPC's logger of whole frames, secrets included. */
  private static final String FRAMES = "io.grpc.netty.NettyClientHandler";

  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int KEEP_ALIVE_ANSWER_SECONDS = 10;
  private static final int CLOSE_SECONDS = 2;

  /** Connects nothing yet: gRPC does that at the first call. */
  static GrpcChannels open(YandexSettings config) {
    if (LoggerFactory.getLogger(FRAMES).isDebugEnabled()) {
      log.warn("The log will contain IAM tokens: set the level of {} to INFO", FRAMES);
    }
    SslContext tls = tls(config);
    return new GrpcChannels(
        channel(config.dataproc(), tls, config.proxy()),
        channel(config.operations(), tls, config.proxy()),
        channel(config.iam(), tls, config.proxy()));
  }

  private static ManagedChannel channel(
      HostAndPort address, SslContext tls, Optional<HostAndPort> proxy) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .sslContext(tls)
        // gRPC's own detector would follow the JVM's system properties.
        .proxyDetector(
            target -> proxy.map(server -> tunnel(server, (InetSocketAddress) target)).orElse(null))
        .userAgent("caravan " + UserAgent.DEFAULT)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
        .disableServiceConfigLookUp()
        .defaultServiceConfig(ReadRetry.serviceConfig())
        .enableRetry()
        .build();
  }

  private static ProxiedSocketAddress tunnel(HostAndPort proxy, InetSocketAddress target) {
    return HttpConnectProxiedSocketAddress.newBuilder()
        .setTargetAddress(target)
        .setProxyAddress(new InetSocketAddress(proxy.host(), proxy.port()))
        .build();
  }

  private static SslContext tls(YandexSettings config) {
    try {
      var tls = GrpcSslContexts.forClient();
      config.caFile().map(Trust::jvmAnd).ifPresent(tls::trustManager);
      return tls.build();
    } catch (SSLException e) {
      throw new FatalException("TLS to the Yandex API can't be set up: " + e, e);
    }
  }

  /** Breaks off the calls under way; returns after 2 s at the latest. */
  @Override
  public void close() {
    List<ManagedChannel> all = List.of(dataproc, operations, iam);
    all.forEach(ManagedChannel::shutdownNow);
    Deadline deadline = Deadline.after(CLOSE_SECONDS, TimeUnit.SECONDS);
    try {
      for (ManagedChannel channel : all) {
        long left = deadline.timeRemaining(TimeUnit.MILLISECONDS);
        if (!channel.awaitTermination(left, TimeUnit.MILLISECONDS)) {
          log.warn("The channel to {} has not ended in time", channel.authority());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
