package dev.caravan.processors.output;

import dev.caravan.processors.FatalException;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.support.service.ServiceSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * How to reach S3. {@link #configure} prepares Camel's {@code aws2-s3} component, so that routes
 * and the classes here use the same client: one that has time-outs and can only read.
 *
 * @param pathStyle whether the bucket stands in the path instead of the host name
 * @param credentialsFile properties {@code access-key-id} and {@code secret-access-key}
 * @param timeout of one try; a call has two, and so ends within a little more than twice this
 */
public record S3Config(
    URI endpoint, String region, boolean pathStyle, Path credentialsFile, Duration timeout) {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(4);
  private static final int TRIES = 2;
  private static final int CONNECTIONS = 32;

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
    return new S3Config(endpoint, region, pathStyle, credentialsFile, USUAL_TIMEOUT);
  }

  /**
   * Gives the component {@code aws2-s3} of this context its client, and makes it delete nothing
   * after a read and create no bucket. The client is closed with the context.
   *
   * @throws FatalException if the credentials can't be read
   */
  public void configure(CamelContext camel) {
    S3Client client = client();
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
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(timeout)
                .connectionAcquisitionTimeout(timeout)
                .socketTimeout(timeout))
        .overrideConfiguration(
            options ->
                options
                    .addExecutionInterceptor(new ReadsOnly())
                    .apiCallAttemptTimeout(timeout)
                    .apiCallTimeout(timeout.multipliedBy(TRIES).plusMillis(500))
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(TRIES)
                            .build()))
        .build();
  }

  private AwsBasicCredentials credentials() {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(credentialsFile, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new FatalException(
          "The S3 keys can't be read from "
              + credentialsFile
              + " ("
              + e.getClass().getSimpleName()
              + ").");
    }
    String id = properties.getProperty("access-key-id", "").strip();
    String secret = properties.getProperty("secret-access-key", "").strip();
    if (id.isEmpty() || secret.isEmpty()) {
      throw new FatalException(
          credentialsFile + " must hold access-key-id= and secret-access-key= of an S3 key.");
    }
    return AwsBasicCredentials.create(id, secret);
  }
}
