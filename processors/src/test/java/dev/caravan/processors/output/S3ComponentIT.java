package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The component that routes and verifier share: it can only read, and it never waits for ever. */
class S3ComponentIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  private static final OutputContract CONTRACT =
      new OutputContract(S3Location.of("s3://lake/x/"), 1, 0, 0, List.of());

  private CamelContext camel;

  @BeforeEach
  void createCamel() {
    camel = new DefaultCamelContext();
  }

  @AfterEach
  void stopCamel() throws Exception {
    camel.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deleteObject",
        "putObject",
        "copyObject",
        "deleteBucket",
        "deleteObjects",
        "createBucket"
      })
  void routesCannotWriteOrDelete(String operation) {
    S3.put("kept/" + operation, "1");
    S3Component.configure(camel, S3.settings());
    camel.start();
    try (ProducerTemplate template = camel.createProducerTemplate()) {
      // An upload is the producer without an operation.
      String choice = operation.equals("putObject") ? "" : "?operation=" + operation;
      Exchange exchange =
          template.request(
              "aws2-s3:lake" + choice,
              request -> {
                request.getMessage().setBody("2");
                request
                    .getMessage()
                    .setHeaders(
                        Map.of(
                            "CamelAwsS3Key",
                            "kept/" + operation,
                            "CamelAwsS3KeysToDelete",
                            List.of("kept/" + operation),
                            "CamelAwsS3BucketDestinationName",
                            "lake",
                            "CamelAwsS3DestinationKey",
                            "kept/copy"));
              });
      assertThat(exchange.getException()).hasStackTraceContaining("Caravan only reads S3");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(S3.keys("kept/")).contains("kept/" + operation).doesNotContain("kept/copy");
  }

  @Test
  void pollingForAnObjectLeavesIt() throws Exception {
    S3.put("polled/date=1/part-0.parquet", "1");
    S3Component.configure(camel, S3.settings());
    camel.start();
    try (ConsumerTemplate template = camel.createConsumerTemplate()) {
      for (String options : List.of("", "&deleteAfterRead=true")) {
        Exchange found =
            template.receive(
                "aws2-s3:lake?prefix=polled/date=1/&includeBody=false&delay=10&initialDelay=0"
                    + options,
                10_000);
        assertThat(found.getMessage().getHeader("CamelAwsS3Key"))
            .isEqualTo("polled/date=1/part-0.parquet");
        template.doneUoW(found);
      }
    }
    assertThat(S3.keys("polled/")).hasSize(1);
  }

  @Test
  void silentS3IsRetryableWithinTheTimeouts() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OutputVerifier verifier =
          verifier(URI.create("http://127.0.0.1:" + silent.getLocalPort()), 300);
      long start = System.nanoTime();

      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> verifier.verify(CONTRACT, Instant.EPOCH))
          .withMessageContaining("S3 gave no answer on s3://lake/x/");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void s3ThatComesBackIsReadAgain() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    OutputVerifier verifier = verifier(URI.create("http://127.0.0.1:" + port), 2000);

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> verifier.verify(CONTRACT, Instant.EPOCH))
        .withMessageContaining("refused");

    HttpServer server = answering(port, 200, "<ListBucketResult></ListBucketResult>");
    try {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> verifier.verify(CONTRACT, Instant.EPOCH))
          .withMessageContaining("found 0");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403|AccessDenied|caravan.s3.credentials-file",
        "403|SignatureDoesNotMatch|caravan.s3.credentials-file",
        "400|AuthorizationHeaderMalformed|caravan.s3.endpoint, region and path-style",
        "301|PermanentRedirect|caravan.s3.endpoint, region and path-style",
        "404|NoSuchBucket|correct the job's output",
      })
  void refusalIsFatalAndSaysWhatToDo(int status, String code, String whatToDo) throws Exception {
    HttpServer server = answering(0, status, error(code));
    try {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> verifier(address(server), 2000).verify(CONTRACT, Instant.EPOCH))
          .withMessageContaining(whatToDo);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"500,InternalError", "503,SlowDown", "429,TooManyRequests", "400,RequestTimeout"})
  void troubleIsRetryable(int status, String code) throws Exception {
    HttpServer server = answering(0, status, error(code));
    try {
      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> verifier(address(server), 2000).verify(CONTRACT, Instant.EPOCH))
          .withMessageContaining("s3://lake/x/");
    } finally {
      server.stop(0);
    }
  }

  private OutputVerifier verifier(URI endpoint, long timeoutMillis) {
    S3Component.configure(camel, S3.settings(endpoint, Duration.ofMillis(timeoutMillis)));
    camel.start();
    return new OutputVerifier(camel);
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static String error(String code) {
    return "<Error><Code>" + code + "</Code><Message>said " + code + "</Message></Error>";
  }

  /** An S3 that lets itself be asked whether the bucket is there, and answers all else so. */
  private static HttpServer answering(int port, int status, String body) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(head ? 200 : status, head ? -1 : bytes.length);
            if (!head) {
              exchange.getResponseBody().write(bytes);
            }
          }
        });
    server.start();
    return server;
  }
}
