package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.GrpcAnswer.answer;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import yandex.cloud.api.iam.v1.IamTokenServiceGrpc.IamTokenServiceImplBase;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenRequest;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenResponse;

/**
 * yandex.cloud.iam.v1.IamTokenService: Create, for a service account's JWT or a person's OAuth
 * token.
 */
final class IamTokenService extends IamTokenServiceImplBase {

  private final JwtVerifier verifier;
  private final IssuedTokens tokens;
  private final String oauthToken;

  IamTokenService(JwtVerifier verifier, IssuedTokens tokens, String oauthToken) {
    this.verifier = verifier;
    this.tokens = tokens;
    this.oauthToken = oauthToken;
  }

  @Override
  public void create(
      CreateIamTokenRequest request, StreamObserver<CreateIamTokenResponse> observer) {
    answer(observer, () -> exchange(request));
  }

  private CreateIamTokenResponse exchange(CreateIamTokenRequest request) {
    switch (request.getIdentityCase()) {
      case JWT -> verifier.reasonToRefuse(request.getJwt()).ifPresent(why -> refuse("JWT: " + why));
      case YANDEX_PASSPORT_OAUTH_TOKEN -> {
        if (!oauthToken.equals(request.getYandexPassportOauthToken())) {
          refuse("OAuth token is invalid or expired");
        }
      }
      case IDENTITY_NOT_SET ->
          throw Status.INVALID_ARGUMENT
              .withDescription("One of the options must be selected: oauth token, jwt")
              .asRuntimeException();
    }
    IssuedTokens.IamToken token = tokens.issue(IssuedTokens.Holder.ACCOUNT);
    Instant expiry = token.expiresAt();
    return CreateIamTokenResponse.newBuilder()
        .setIamToken(token.value())
        .setExpiresAt(
            Timestamp.newBuilder().setSeconds(expiry.getEpochSecond()).setNanos(expiry.getNano()))
        .build();
  }

  private static void refuse(String why) {
    throw Status.UNAUTHENTICATED.withDescription(why).asRuntimeException();
  }
}
