package dev.caravan.processors.output;

import dev.caravan.shared.s3.S3Clients;
import dev.caravan.shared.s3.S3Settings;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.support.service.ServiceSupport;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Camel's {@code aws2-s3} component with a client that routes and the classes here share: one that
 * has time-outs and can only read. A call has two tries, and so ends within a little more than
 * twice the settings' time-out.
 */
public final class S3Component {
  /** For the settings: short enough that a call ends within a shutdown's time. */
  public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(4);

  private static final int TRIES = 2;
  private static final int CONNECTIONS = 32;

  private S3Component() {}

  /**
   * Gives the component {@code aws2-s3} of this context its client, and makes it delete nothing
   * after a read and create no bucket. The client is closed with the context.
   */
  public static void configure(CamelContext camel, S3Settings settings) {
    S3Client client = client(settings, new ReadOnlyInterceptor());
    AWS2S3Component component = camel.getComponent("aws2-s3", AWS2S3Component.class);
    AWS2S3Configuration configuration = component.getConfiguration();
    configuration.setAmazonS3Client(client);
    configuration.setAutoCreateBucket(false);
    configuration.setDeleteAfterRead(false);
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

  /** A client with the time-outs and tries of the component's; for the caller to close. */
  static S3Client client(S3Settings settings, ReadOnlyInterceptor allowed) {
    return S3Clients.create(
        settings,
        ApacheHttpClient.builder()
            .proxyConfiguration(proxy(settings))
            .maxConnections(CONNECTIONS)
            .connectionTimeout(settings.timeout())
            .connectionAcquisitionTimeout(settings.timeout())
            .socketTimeout(settings.timeout()),
        options -> twoTries(options, settings.timeout()).addExecutionInterceptor(allowed));
  }

  private static ClientOverrideConfiguration.Builder twoTries(
      ClientOverrideConfiguration.Builder options, Duration timeout) {
    return options
        .apiCallAttemptTimeout(timeout)
        .apiCallTimeout(timeout.multipliedBy(TRIES).plusMillis(500))
        .retryStrategy(
            // AwsRetryStrategy would read AWS_MAX_ATTEMPTS, and fail if it is no number.
            DefaultRetryStrategy.standardStrategyBuilder()
                .maxAttempts(TRIES)
                .retryOnException(S3Component::passes)
                .retryOnExceptionOrCauseInstanceOf(IOException.class)
                .build());
  }

  /** Whether a second try may have an answer. */
  private static boolean passes(Throwable failure) {
    return failure instanceof ApiCallAttemptTimeoutException
        || (failure instanceof SdkException sdk && sdk.retryable())
        || (failure instanceof AwsServiceException answer
            && (answer.statusCode() >= 500 || answer.isThrottlingException()));
  }

  private static ProxyConfiguration proxy(S3Settings settings) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    settings.proxy().ifPresent(proxy::endpoint);
    return proxy.build();
  }
}
