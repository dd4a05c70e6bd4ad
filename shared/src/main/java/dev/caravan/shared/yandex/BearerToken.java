package dev.caravan.shared.yandex;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.util.UUID;
import java.util.concurrent.Executor;
import yandex.cloud.sdk.auth.IamToken;

/**
 * A token we already hold, put on a call: nothing here waits, so no gRPC thread ever does. With it
 * goes a request id of ours, the same on each try, by which the cloud's support finds the call.
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
      applier.fail(Status.INTERNAL.withDescription("a token never travels without TLS"));
      return;
    }
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token.getToken());
    headers.put(REQUEST_ID, requestId.toString());
    applier.apply(headers);
  }
}
