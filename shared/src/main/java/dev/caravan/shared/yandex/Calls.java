package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import io.grpc.CallCredentials;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import yandex.cloud.sdk.auth.IamToken;

/**
 * Makes calls: first gets the token, on the caller's thread; applies one deadline to the whole
 * call; retries once with a new token if the cloud rejects the old one.
 *
 * @param credentials for messages: who we are to the cloud
 * @param errors counts what fails
 */
record Calls(
    TokenCache tokens,
    Duration timeout,
    String credentials,
    BooleanSupplier closed,
    CloudErrors errors) {

  /** What a call carries. */
  record Envelope(Deadline deadline, CallCredentials token) {
    <S extends AbstractStub<S>> S on(S stub) {
      return stub.withDeadline(deadline).withCallCredentials(token);
    }
  }

  /** One or more requests that together are one call. */
  @FunctionalInterface
  interface Call<T> {
    T send(Envelope envelope);
  }

  /**
   * @param kind for the count of failures
   * @param what for messages, for example {@code Start of cluster c9q1}
   */
  <T> T make(CloudCall kind, String what, Call<T> call) {
    Deadline deadline = Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
    UUID requestId = UUID.randomUUID();
    IamToken token = token(kind, what, deadline);
    try {
      return call.send(new Envelope(deadline, new BearerToken(token, requestId)));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNAUTHENTICATED) {
        throw refusal(kind, what, requestId, e, token);
      }
      tokens.invalidate(token);
    }
    IamToken another = token(kind, what, deadline);
    try {
      return call.send(new Envelope(deadline, new BearerToken(another, requestId)));
    } catch (StatusRuntimeException e) {
      throw refusal(kind, what, requestId, e, another);
    }
  }

  /** The token alone, within the deadline of a call. */
  void requireToken(String what) {
    token(what, Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }

  private IamToken token(CloudCall kind, String what, Deadline deadline) {
    try {
      return token(what, deadline);
    } catch (RetryableException | FatalException e) {
      errors.count(kind, CloudErrors.NO_TOKEN);
      throw e;
    }
  }

  private IamToken token(String what, Deadline deadline) {
    try {
      return tokens.get(deadline);
    } catch (RetryableException e) {
      throw new RetryableException(what + " was not sent: " + e.getMessage(), e);
    } catch (FatalException e) {
      throw new FatalException(what + " was not sent: " + e.getMessage(), e);
    }
  }

  private RuntimeException refusal(
      CloudCall kind, String what, UUID requestId, StatusRuntimeException failure, IamToken token) {
    if (closed.getAsBoolean()) {
      return new FatalException(what + " was canceled: the Yandex client has been closed");
    }
    errors.count(kind, failure.getStatus().getCode().name());
    return new CloudRefusal(what + " (request " + requestId + ")", failure)
        .hiding(token.getToken())
        .adviceIf(this::advice)
        .toException();
  }

  private String advice(Status.Code code) {
    return switch (code) {
      case UNAUTHENTICATED -> "replace " + credentials + "; check this machine's clock";
      case PERMISSION_DENIED ->
          "give the account behind "
              + credentials
              + " the role dataproc.editor on the cluster's folder";
      case NOT_FOUND, INVALID_ARGUMENT ->
          "check the id (caravan.cluster.NAME.id) and that the account may see it";
      case RESOURCE_EXHAUSTED -> "free resources in the cloud or ask for a higher quota";
      default -> "";
    };
  }
}
