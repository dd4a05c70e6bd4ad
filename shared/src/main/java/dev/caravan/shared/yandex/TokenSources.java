package dev.caravan.shared.yandex;

import dev.caravan.shared.settings.SecretFile;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import yandex.cloud.sdk.auth.IamToken;

/** Makes the token source for each kind of credentials. */
final class TokenSources {
  private static final Logger log = LoggerFactory.getLogger(TokenSources.class);

  /** How long a token from a file is used before the file is read again. */
  private static final Duration FILE_FRESHNESS = Duration.ofMinutes(2);

  private TokenSources() {}

  /**
   * Reads the credentials once, without a word to the network, so that a bad file stops the boot.
   *
   * @throws dev.caravan.shared.FatalException if a file is missing or unusable
   */
  static TokenSource of(YandexSettings config, ManagedChannel iam, Clock clock) {
    YandexCredentials credentials = config.credentials();
    // Half of a caller's patience: a lost answer leaves time for a second try and the call itself.
    Duration timeout = config.callTimeout().dividedBy(2);
    var exchange = new IamExchange(iam, timeout, credentials.describe());
    if (credentials instanceof YandexCredentials.ServiceAccountKey key) {
      return serviceAccountKey(secret(key), exchange);
    }
    if (credentials instanceof YandexCredentials.Metadata metadata) {
      return new MetadataTokens(metadata.server(), timeout, clock);
    }
    if (credentials instanceof YandexCredentials.IamTokenFile token) {
      return iamToken(secret(token), clock);
    }
    if (credentials instanceof YandexCredentials.OAuthTokenFile token) {
      return oauthToken(secret(token), exchange);
    }
    throw new IllegalStateException("No token source for " + credentials.describe());
  }

  /**
   * Reads the credentials' file once.
   *
   * @throws dev.caravan.shared.FatalException if it is missing or unusable
   */
  static void require(YandexCredentials credentials) {
    if (credentials instanceof YandexCredentials.ServiceAccountKey key) {
      new ServiceAccountKeyFile(secret(key)).read();
    } else if (credentials instanceof YandexCredentials.IamTokenFile token) {
      secret(token).readToken();
    } else if (credentials instanceof YandexCredentials.OAuthTokenFile token) {
      secret(token).readToken();
    }
  }

  private static SecretFile secret(YandexCredentials.ServiceAccountKey key) {
    return new SecretFile("Service-account key file", key.file());
  }

  private static SecretFile secret(YandexCredentials.IamTokenFile token) {
    return new SecretFile("IAM token file", token.file());
  }

  private static SecretFile secret(YandexCredentials.OAuthTokenFile token) {
    return new SecretFile("OAuth token file", token.file());
  }

  private static TokenSource serviceAccountKey(SecretFile secret, IamExchange exchange) {
    secret.warnIfOpen();
    var file = new ServiceAccountKeyFile(secret);
    file.read();
    return () -> exchange.jwt(file.jwt());
  }

  private static TokenSource iamToken(SecretFile secret, Clock clock) {
    secret.warnIfOpen();
    secret.readToken();
    return () -> new IamToken(secret.readToken(), clock.instant().plus(FILE_FRESHNESS));
  }

  private static TokenSource oauthToken(SecretFile secret, IamExchange exchange) {
    log.warn(
        "Yandex Cloud is discontinuing OAuth tokens (end of 2026): set"
            + " caravan.yandex.credentials=service-account-key");
    secret.warnIfOpen();
    secret.readToken();
    return () -> exchange.oauth(secret.readToken());
  }
}
