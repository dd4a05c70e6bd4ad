package dev.caravan.endpoint.shipping;

import dev.caravan.endpoint.settings.ShippingSettings;
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
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
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

  private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();
  private static final String NO_PROFILE = "none";

  private final S3Client client;

  S3LogStore(ShippingSettings settings, Clock clock) {
    // Nothing of this machine's AWS set-up is for us.
    System.setProperty(SdkSystemSetting.AWS_EC2_METADATA_DISABLED.property(), "true");
    // Read by the builder even if it is given other profiles; a device is no profile file.
    System.setProperty(ProfileFileSystemSetting.AWS_CONFIG_FILE.property(), "/dev/null");
    System.setProperty(
        ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE.property(), "/dev/null");
    ClientOverrideConfiguration.Builder options =
        ClientOverrideConfiguration.builder()
            .apiCallTimeout(settings.timeout())
            .defaultProfileFile(NO_PROFILES)
            .defaultProfileName(NO_PROFILE)
            .compressionConfiguration(
                none -> none.requestCompressionEnabled(false).minimumCompressionThresholdInBytes(0))
            .retryStrategy(DefaultRetryStrategy.doNotRetry());
    if (settings.key().isEmpty()) {
      options.addExecutionInterceptor(new TokenHeader(new VmToken(settings.metadata(), clock)));
    }
    Duration connect = CONNECT.compareTo(settings.timeout()) < 0 ? CONNECT : settings.timeout();
    client =
        S3Client.builder()
            .endpointOverride(settings.endpoint())
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            .credentialsProvider(credentials(settings))
            // Other servers than Amazon's don't all know its checksums and chunked signatures.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .dualstackEnabled(false)
            .fipsEnabled(false)
            .accelerate(false)
            .useArnRegion(false)
            .crossRegionAccessEnabled(false)
            .disableMultiRegionAccessPoints(true)
            .disableS3ExpressSessionAuth(true)
            .defaultsMode(DefaultsMode.LEGACY)
            .serviceConfiguration(
                s3 ->
                    s3.chunkedEncodingEnabled(false)
                        .profileFile(NO_PROFILES)
                        .profileName(NO_PROFILE))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .proxyConfiguration(proxy(settings))
                    .connectionTimeout(connect)
                    .socketTimeout(settings.timeout()))
            .overrideConfiguration(options.build())
            .build();
  }

  private static ProxyConfiguration proxy(ShippingSettings settings) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariablesValues(false);
    settings.proxy().ifPresent(proxy::endpoint);
    return proxy.build();
  }

  private static AwsCredentialsProvider credentials(ShippingSettings settings) {
    return settings
        .key()
        .<AwsCredentialsProvider>map(
            key ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key.id(), key.secret())))
        .orElseGet(AnonymousCredentialsProvider::create);
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
    } catch (SdkException | UncheckedIOException e) {
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
      try {
        return call.httpRequest().toBuilder().putHeader(TOKEN_HEADER, token.get()).build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
