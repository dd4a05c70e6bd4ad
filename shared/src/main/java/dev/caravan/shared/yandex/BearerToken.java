package dev.caravan.shared.yandex;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.util.UUID;
import java.util.concurrent.Executor;
import yandex.cloud.sdk.auth.IamToken;

/**
 * Adds a token that we already hold to a call. Nothing here waits, so no gRPC thread is blocked. It
 * also adds a request id, the same for each retry, by which the cloud's support can find the call.
 */
final class BearerToken extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-client-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private final IamToken token;
  private final UUID requestId;

  BearerToken(IamToken token, UUID requestId) {
    this.token = token;
    this.requestId = requestId;
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    if (request.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      applier.fail(Status.INTERNAL.withDescription("a token is never sent without TLS"));
      return;
    }
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token.getToken());
    headers.put(REQUEST_ID, requestId.toString());
    applier.apply(headers);
  }
}
