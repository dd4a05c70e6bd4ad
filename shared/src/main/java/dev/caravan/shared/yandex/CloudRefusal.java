package dev.caravan.shared.yandex;

import com.google.rpc.RetryInfo;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Converts the error of a failed call to one sentence and to one of our two kinds of failure. */
final class CloudRefusal {
  private static final Pattern RATE =
      Pattern.compile("\\brate\\b|too many requests|throttl|per second|\\brps\\b");

  private final String what;
  private final StatusRuntimeException failure;
  private final Status status;
  private String secret = "";
  private Function<Status.Code, String> advice = code -> "";

  CloudRefusal(String what, StatusRuntimeException failure) {
    this.what = what;
    this.failure = failure;
    this.status = failure.getStatus();
  }

  /** A secret that was sent with the call; it is removed if the cloud quotes it. */
  CloudRefusal hiding(String secret) {
    this.secret = secret;
    return this;
  }

  /** What to do, by code; empty for no advice. */
  CloudRefusal adviceIf(Function<Status.Code, String> advice) {
    this.advice = advice;
    return this;
  }

  /** Carries our side's cause only: the cloud's own words are in the message, less the secret. */
  RuntimeException toException() {
    String message = message();
    return isRetryable()
        ? new RetryableException(message, status.getCause())
        : new FatalException(message, status.getCause());
  }

  private String message() {
    String text = what + " failed: " + status.getCode() + words();
    String todo =
        isUntrusted()
            ? "check the address, or name the CA's certificate in caravan.yandex.ca-file"
            : advice.apply(status.getCode());
    return todo.isEmpty() ? text : text + ". What to do: " + todo;
  }

  private String words() {
    var words = new StringBuilder();
    if (status.getDescription() != null && !status.getDescription().isBlank()) {
      words.append(": ").append(withoutSecret(status.getDescription()));
    }
    Throwable cause = status.getCause();
    if (cause != null) {
      words
          .append(" (")
          .append(cause.getMessage() == null ? cause : CloudMessage.brief(cause.getMessage()))
          .append(")");
    }
    return words.toString();
  }

  private String withoutSecret(String said) {
    return CloudMessage.brief(secret.isEmpty() ? said : said.replace(secret, "***"));
  }

  private boolean isRetryable() {
    return switch (status.getCode()) {
      case UNAVAILABLE -> !isUntrusted();
      case DEADLINE_EXCEEDED, ABORTED, FAILED_PRECONDITION, ALREADY_EXISTS -> true;
      case RESOURCE_EXHAUSTED -> isRate();
      // Our own interruption, not the cloud's word: the same step may be tried again.
      case CANCELLED -> Thread.currentThread().isInterrupted();
      default -> false;
    };
  }

  /** A rate limit is temporary; a quota is not. */
  private boolean isRate() {
    String words = status.getDescription() == null ? "" : status.getDescription();
    return saysWhenToRetry() || RATE.matcher(words.toLowerCase(Locale.ROOT)).find();
  }

  /** gRPC calls a server whose certificate we don't trust unavailable, but waiting won't help. */
  private boolean isUntrusted() {
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private boolean saysWhenToRetry() {
    var proto = StatusProto.fromThrowable(failure);
    return proto != null
        && proto.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class));
  }
}
