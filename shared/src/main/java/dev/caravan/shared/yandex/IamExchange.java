package dev.caravan.shared.yandex;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import yandex.cloud.api.iam.v1.IamTokenServiceGrpc;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenRequest;
import yandex.cloud.sdk.auth.IamToken;

/**
 * Exchanges a signed JWT or an OAuth token for an IAM token ({@code IamTokenService.Create}).
 *
 * @param timeout the deadline of one exchange
 * @param credentials for messages: whose exchange it is
 */
record IamExchange(ManagedChannel iam, Duration timeout, String credentials) {

  IamToken jwt(String jwt) {
    return create(CreateIamTokenRequest.newBuilder().setJwt(jwt).build(), jwt);
  }

  IamToken oauth(String token) {
    return create(
        CreateIamTokenRequest.newBuilder().setYandexPassportOauthToken(token).build(), token);
  }

  private IamToken create(CreateIamTokenRequest request, String secret) {
    try {
      var answer =
          IamTokenServiceGrpc.newBlockingStub(iam)
              .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .create(request);
      var expiry = answer.getExpiresAt();
      return new IamToken(
          answer.getIamToken(), Instant.ofEpochSecond(expiry.getSeconds(), expiry.getNanos()));
    } catch (StatusRuntimeException e) {
      throw new CloudRefusal("Exchange of " + credentials + " for an IAM token", e)
          .hiding(secret)
          .adviceIf(
              code ->
                  switch (code) {
                    case UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT ->
                        "check that the credentials still exist and their account is active, and"
                            + " that this machine's clock is right";
                    default -> "";
                  })
          .toException();
    }
  }
}
