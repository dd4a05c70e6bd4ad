package dev.caravan.cloud.yandex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Checks the JWT that a service account exchanges for an IAM token: PS256 under the account's
 * public key, {@code kid}, {@code iss}, {@code aud}, {@code iat} and {@code exp} at most an hour
 * later. Rules: Yandex Cloud, "Getting an IAM token for a service account".
 */
final class JwtVerifier {

  static final String AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final ObjectMapper json = new ObjectMapper();
  private final ServiceAccount account;
  private final Clock clock;

  JwtVerifier(ServiceAccount account, Clock clock) {
    this.account = account;
    this.clock = clock;
  }

  /** The reason to refuse the token, empty if it is good. */
  Optional<String> reasonToRefuse(String jwt) {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.of("it has " + parts.length + " parts, not 3");
    }
    try {
      return refuseHeader(decode(parts[0]))
          .or(() -> refuseClaims(decode(parts[1])))
          .or(() -> refuseSignature(parts));
    } catch (IllegalArgumentException e) {
      return Optional.of("it is not base64url-encoded JSON");
    }
  }

  private JsonNode decode(String part) {
    try {
      return json.readTree(Base64.getUrlDecoder().decode(part));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Optional<String> refuseHeader(JsonNode header) {
    if (!"PS256".equals(header.path("alg").asText())) {
      return Optional.of("its alg is not PS256");
    }
    return account.keyId().equals(header.path("kid").asText())
        ? Optional.empty()
        : Optional.of("its kid names no key of a service account");
  }

  private Optional<String> refuseClaims(JsonNode claims) {
    Instant now = clock.instant();
    Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong());
    Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
    if (!account.id().equals(claims.path("iss").asText())) {
      return Optional.of("its iss is not the key's service account");
    }
    if (!audienceIn(claims.path("aud"))) {
      return Optional.of("its aud is not " + AUDIENCE);
    }
    if (issued.isAfter(now.plus(SKEW))) {
      return Optional.of("its iat lies in the future");
    }
    if (!expires.isAfter(now)) {
      return Optional.of("it has expired");
    }
    return expires.isAfter(issued.plus(LONGEST))
        ? Optional.of("it lives longer than an hour")
        : Optional.empty();
  }

  private static boolean audienceIn(JsonNode aud) {
    if (!aud.isArray()) {
      return AUDIENCE.equals(aud.asText());
    }
    for (JsonNode one : aud) {
      if (AUDIENCE.equals(one.asText())) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> refuseSignature(String[] parts) {
    try {
      Signature signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC));
      signature.initVerify(account.keys().getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          ? Optional.empty()
          : Optional.of("its signature does not fit the key");
    } catch (GeneralSecurityException e) {
      return Optional.of("its signature can't be read");
    }
  }
}
