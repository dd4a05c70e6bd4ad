package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;

/** What a check learns of S3, and that it leaves nothing there. */
class S3ProbeIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  @Test
  void keyThatMayWriteIsFoundOutWithoutWriting() {
    S3.put("probe/empty/", "");
    S3.put("probe/date=1/part-0", "1");
    try (S3Probe probe = new S3Probe(S3.settings())) {
      Instant now = Instant.now();
      S3Probe.Listing listing = probe.list("lake", "probe/");
      assertThat(listing.object()).contains(S3Location.of("s3://lake/probe/date=1/part-0"));
      assertThat(listing.date().orElseThrow()).isBetween(now.minusSeconds(60), now.plusSeconds(60));
      assertThat(probe.list("lake", "probe-of-nothing/").object()).isEmpty();
      assertThat(probe.find(S3Location.of("s3://lake/probe/date=1/part-0")))
          .isEqualTo(S3Probe.Presence.THERE);
      assertThat(probe.find(S3Location.of("s3://lake/probe/date=2/part-0")))
          .isEqualTo(S3Probe.Presence.MISSING);

      assertThat(probe.writing("lake", "probe/")).isEqualTo(S3Probe.Writing.ALLOWED);

      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> probe.list("lake-of-nobody", ""))
          .withMessageContaining("The bucket lake-of-nobody of s3://lake-of-nobody/ doesn't exist");
    }
    assertThat(S3.keys("probe/")).containsExactlyInAnyOrder("probe/empty/", "probe/date=1/part-0");
    ListMultipartUploadsResponse uploads =
        S3.client().listMultipartUploads(call -> call.bucket("lake"));
    assertThat(uploads.uploads()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, REFUSED",
    "404, NoSuchUpload, ALLOWED",
    "501, NotImplemented, UNKNOWN",
    "400, InvalidArgument, UNKNOWN"
  })
  void answerToTheProbeTellsWhetherWritingIsRefused(int status, String code, String writing)
      throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              "<Error><Code>%s</Code></Error>".formatted(code).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3Probe probe = new S3Probe(S3.settings(address, Duration.ofSeconds(2)))) {
      assertThat(probe.writing("lake", "x/")).isEqualTo(S3Probe.Writing.valueOf(writing));
    } finally {
      server.stop(0);
    }
    try (S3Probe probe = new S3Probe(S3.settings(address, Duration.ofSeconds(2)))) {
      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> probe.writing("lake", "x/"));
    }
  }
}
