package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudRefusalTest {

  private static RuntimeException of(Status status) {
    return new CloudRefusal("Start of cluster c9q1", status.asRuntimeException()).toException();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "FAILED_PRECONDITION",
        "ALREADY_EXISTS"
      })
  void whatMayPassIsRetryable(Status.Code code) {
    assertThat(of(code.toStatus().withDescription("the cloud's words")))
        .isInstanceOf(RetryableException.class)
        .hasMessage("Start of cluster c9q1 failed: " + code + ": the cloud's words");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "OK",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "FAILED_PRECONDITION",
        "ALREADY_EXISTS"
      })
  void allElseIsFatal(Status.Code code) {
    assertThat(of(code.toStatus().withDescription("the cloud's words")))
        .isInstanceOf(FatalException.class)
        .hasMessage("Start of cluster c9q1 failed: " + code + ": the cloud's words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Request rate limit exceeded", "Too many requests", "Throttled", "10 RPS reached"})
  void requestRatePasses(String words) {
    assertThat(of(Status.RESOURCE_EXHAUSTED.withDescription(words)))
        .isInstanceOf(RetryableException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Quota limit compute.instanceCores.count exceeded",
        "The limit on maximum number of Data Proc clusters has exceeded",
        "gRPC message exceeds maximum size, generated"
      })
  void quotaDoesNotPass(String words) {
    assertThat(of(Status.RESOURCE_EXHAUSTED.withDescription(words)))
        .isInstanceOf(FatalException.class);
  }

  @Test
  void cloudMaySayItselfThatARetryHelps() {
    assertThat(exhausted(RetryInfo.getDefaultInstance())).isInstanceOf(RetryableException.class);
    assertThat(exhausted(QuotaFailure.getDefaultInstance())).isInstanceOf(FatalException.class);
  }

  private static RuntimeException exhausted(com.google.protobuf.Message detail) {
    StatusRuntimeException refusal =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
                .setMessage("exhausted")
                .addDetails(Any.pack(detail))
                .build());
    return new CloudRefusal("Start", refusal).toException();
  }

  @Test
  void causeOfALostConnectionIsSaid() {
    var cause = new IOException("Connection refused: localhost:1", new ConnectException("refused"));
    assertThat(of(Status.UNAVAILABLE.withDescription("io exception").withCause(cause)))
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("io exception (Connection refused: localhost:1)");
  }

  @Test
  void waitingDoesNotMakeACertificateTrusted() {
    var cause = new SSLHandshakeException("no path");
    cause.initCause(new CertificateException("PKIX"));
    assertThat(of(Status.UNAVAILABLE.withDescription("io exception").withCause(cause)))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("no path")
        .hasMessageContaining("caravan.yandex.ca-file");
  }

  @Test
  void ourOwnInterruptionMayBeTriedAgain() {
    Thread.currentThread().interrupt();
    assertThat(of(Status.CANCELLED.withDescription("Thread interrupted")))
        .isInstanceOf(RetryableException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void secretThatTheCloudQuotesIsStruckOutEverywhere() {
    var refusal =
        Status.UNAUTHENTICATED
            .withDescription("The token t1.secret is invalid")
            .asRuntimeException();
    var exception = new CloudRefusal("Look", refusal).hiding("t1.secret").toException();
    assertThat(exception)
        .hasMessage("Look failed: UNAUTHENTICATED: The token *** is invalid")
        .hasNoCause();
  }

  @Test
  void pageOfHtmlFromAProxyBecomesOneShortLine() {
    String page = "HTTP status code 502\n<html>\n" + "<p>bad gateway</p>\n".repeat(1000);
    assertThat(of(Status.UNAVAILABLE.withDescription(page)).getMessage())
        .contains("HTTP status code 502 <html>")
        .doesNotContain("\n")
        .hasSizeLessThan(700);
  }

  @Test
  void adviceFollowsTheCloudsWords() {
    var refusal = Status.NOT_FOUND.asRuntimeException();
    assertThat(
            new CloudRefusal("Look", refusal)
                .adviceIf(code -> code == Status.Code.NOT_FOUND ? "check the id" : "")
                .toException())
        .hasMessage("Look failed: NOT_FOUND. What to do: check the id");
  }
}
