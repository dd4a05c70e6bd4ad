package dev.caravan.endpoint.shipping;

import dev.caravan.endpoint.settings.ShippingSettings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.s3.S3Clients;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.yandex.VmToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * S3. With a static key requests are signed. Without one they carry a token of the machine's
 * service account, which Yandex Object Storage takes unsigned ("Authentication with the Object
 * Storage API"). A call is tried once; the caller comes again.
 */
final class S3LogStore implements LogStore {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final String TOKEN_HEADER = "X-YaCloud-SubjectToken";

  private final S3Client client;

  S3LogStore(ShippingSettings settings, Clock clock) {
    S3Settings s3 = settings.s3();
    Duration connect = CONNECT.compareTo(s3.timeout()) < 0 ? CONNECT : s3.timeout();
    client =
        S3Clients.create(
            s3,
            UrlConnectionHttpClient.builder()
                .proxyConfiguration(proxy(s3))
                .connectionTimeout(connect)
                .socketTimeout(s3.timeout()),
            options -> {
              options.apiCallTimeout(s3.timeout()).retryStrategy(DefaultRetryStrategy.doNotRetry());
              if (s3.key().isEmpty()) {
                options.addExecutionInterceptor(
                    new TokenHeader(new VmToken(settings.metadata(), clock)));
              }
            });
  }

  private static ProxyConfiguration proxy(S3Settings settings) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariablesValues(false);
    settings.proxy().ifPresent(proxy::endpoint);
    return proxy.build();
  }

  @Override
  public void put(URI object, Path file, long offset, long length) throws LogStoreException {
    put(
        object,
        "text/plain; charset=utf-8",
        RequestBody.fromContentProvider(
            () -> part(file, offset, length), length, "text/plain; charset=utf-8"));
  }

  @Override
  public void putJson(URI object, byte[] json) throws LogStoreException {
    put(object, "application/json", RequestBody.fromBytes(json));
  }

  private void put(URI object, String type, RequestBody body) throws LogStoreException {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(object.getAuthority())
            .key(object.getPath().substring(1))
            .contentType(type)
            .build();
    try {
      client.putObject(request, body);
    } catch (AwsServiceException e) {
      throw new LogStoreException(object + ": S3 answered " + e.getMessage(), true, e);
    } catch (SdkException | UncheckedIOException | RetryableException | FatalException e) {
      throw new LogStoreException(object + ": no answer from S3: " + root(e), false, e);
    }
  }

  private static InputStream part(Path file, long offset, long length) {
    try {
      FileChannel channel = FileChannel.open(file);
      channel.position(offset);
      return new BufferedInputStream(new Bounded(Channels.newInputStream(channel), length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  @Override
  public void close() {
    client.close();
  }

  /** Adds the token where the SDK is done with the request. */
  private record TokenHeader(VmToken token) implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest call, ExecutionAttributes attributes) {
      return call.httpRequest().toBuilder().putHeader(TOKEN_HEADER, token.get()).build();
    }
  }

  /** The first bytes of another stream: what is appended meanwhile is for the next time. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
