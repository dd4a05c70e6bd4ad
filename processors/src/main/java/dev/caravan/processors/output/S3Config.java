package dev.caravan.processors.output;

import dev.caravan.processors.FatalException;
import dev.caravan.processors.PropertiesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.support.service.ServiceSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * How to reach S3. {@link #configure} prepares Camel's {@code aws2-s3} component, so that routes
 * and the classes here use the same client: one that has time-outs, can only read, and takes
 * nothing from the machine's AWS set-up (environment, system properties, {@code ~/.aws}).
 *
 * @param pathStyle whether the bucket stands in the path instead of the host name
 * @param credentialsFile properties {@code access-key-id} and {@code secret-access-key}
 * @param timeout of one try; a call has two, and so ends within a little more than twice this
 * @param proxy an HTTP proxy, {@code http://host:port}; empty: none, whatever the environment says
 */
public record S3Config(
    URI endpoint,
    String region,
    boolean pathStyle,
    Path credentialsFile,
    Duration timeout,
    Optional<URI> proxy) {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(4);
  private static final int TRIES = 2;
  private static final int CONNECTIONS = 32;

  /** In place of those in {@code ~/.aws}, which are for others and may be broken. */
  private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

  private static final String NO_PROFILE = "none";

  public S3Config {
    boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!http || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "An S3 endpoint looks like https://storage.yandexcloud.net.");
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException("S3 needs a region, for example ru-central1.");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("S3's time-out must be longer than " + timeout + ".");
    }
  }

  public static S3Config of(URI endpoint, String region, boolean pathStyle, Path credentialsFile) {
    return new S3Config(
        endpoint, region, pathStyle, credentialsFile, USUAL_TIMEOUT, Optional.empty());
  }

  /** The same, through an HTTP proxy or without one. */
  public S3Config through(Optional<URI> httpProxy) {
    return new S3Config(endpoint, region, pathStyle, credentialsFile, timeout, httpProxy);
  }

  /**
   * Gives the component {@code aws2-s3} of this context its client, and makes it delete nothing
   * after a read and create no bucket. The client is closed with the context.
   *
   * @throws FatalException if the credentials can't be read
   */
  public void configure(CamelContext camel) {
    S3Client client = unseen(this::client);
    AWS2S3Component component = camel.getComponent("aws2-s3", AWS2S3Component.class);
    AWS2S3Configuration settings = component.getConfiguration();
    settings.setAmazonS3Client(client);
    settings.setAutoCreateBucket(false);
    settings.setDeleteAfterRead(false);
    try {
      camel.addService(
          new ServiceSupport() {
            @Override
            protected void doStop() {
              client.close();
            }
          });
    } catch (Exception e) {
      client.close();
      throw new IllegalStateException("Camel didn't take the S3 client", e);
    }
  }

  /**
   * Reads the credentials once.
   *
   * @throws FatalException if they can't be used, in one sentence without them
   */
  public void requireCredentials() {
    credentials();
  }

  /**
   * The builder reads {@code ~/.aws} even if it is given other profiles, and fails if a file is
   * broken. It looks for the files where these properties say; a device is no profile file.
   */
  private static synchronized S3Client unseen(Supplier<S3Client> building) {
    Map<String, Optional<String>> before = new TreeMap<>();
    for (ProfileFileSystemSetting file :
        List.of(
            ProfileFileSystemSetting.AWS_CONFIG_FILE,
            ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE)) {
      String name = file.property();
      before.put(name, Optional.ofNullable(System.getProperty(name)));
      System.setProperty(name, "/dev/null");
    }
    try {
      return building.get();
    } finally {
      // A user's own routes may use them.
      before.forEach(
          (name, value) ->
              value.ifPresentOrElse(
                  kept -> System.setProperty(name, kept), () -> System.clearProperty(name)));
    }
  }

  private S3Client client() {
    StaticCredentialsProvider credentials = StaticCredentialsProvider.create(credentials());
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .forcePathStyle(pathStyle)
        .credentialsProvider(credentials)
        // Other servers than Amazon's don't all know its newer checksums.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        // The SDK asks the environment for everything that is not said here.
        .dualstackEnabled(false)
        .fipsEnabled(false)
        .accelerate(false)
        .useArnRegion(false)
        .crossRegionAccessEnabled(false)
        .disableMultiRegionAccessPoints(true)
        .disableS3ExpressSessionAuth(true)
        .defaultsMode(DefaultsMode.LEGACY)
        .serviceConfiguration(s3 -> s3.profileFile(NO_PROFILES).profileName(NO_PROFILE))
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .proxyConfiguration(proxyConfiguration())
                .maxConnections(CONNECTIONS)
                .connectionTimeout(timeout)
                .connectionAcquisitionTimeout(timeout)
                .socketTimeout(timeout))
        .overrideConfiguration(
            options ->
                options
                    .defaultProfileFile(NO_PROFILES)
                    .defaultProfileName(NO_PROFILE)
                    .compressionConfiguration(
                        none ->
                            none.requestCompressionEnabled(false)
                                .minimumCompressionThresholdInBytes(0))
                    .addExecutionInterceptor(new ReadsOnly())
                    .apiCallAttemptTimeout(timeout)
                    .apiCallTimeout(timeout.multipliedBy(TRIES).plusMillis(500))
                    .retryStrategy(
                        // AwsRetryStrategy would read AWS_MAX_ATTEMPTS, and fail if it is no
                        // number.
                        DefaultRetryStrategy.standardStrategyBuilder()
                            .maxAttempts(TRIES)
                            .retryOnException(S3Config::passes)
                            .retryOnExceptionOrCauseInstanceOf(IOException.class)
                            .build()))
        .build();
  }

  /** Whether a second try may have an answer. */
  private static boolean passes(Throwable failure) {
    return failure instanceof ApiCallAttemptTimeoutException
        || (failure instanceof SdkException sdk && sdk.retryable())
        || (failure instanceof AwsServiceException answer
            && (answer.statusCode() >= 500 || answer.isThrottlingException()));
  }

  private ProxyConfiguration proxyConfiguration() {
    ProxyConfiguration.Builder configuration =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    proxy.ifPresent(configuration::endpoint);
    return configuration.build();
  }

  private AwsBasicCredentials credentials() {
    Map<String, String> properties = PropertiesFile.read(credentialsFile);
    String id = properties.getOrDefault("access-key-id", "").strip();
    String secret = properties.getOrDefault("secret-access-key", "").strip();
    if (id.isEmpty() || secret.isEmpty()) {
      throw new FatalException(
          credentialsFile + " must hold access-key-id= and secret-access-key= of an S3 key.");
    }
    return AwsBasicCredentials.create(id, secret);
  }
}
