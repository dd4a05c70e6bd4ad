package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import yandex.cloud.sdk.auth.IamToken;

/**
 * The IAM token of the machine's service account, for callers that may wait some seconds for it:
 * fetched on the caller's thread, kept, and fetched anew when half of its life is over. {@link
 * TokenCache} is for calls that must not wait. Thread-safe.
 */
public final class VmToken {
  private static final Logger LOG = LoggerFactory.getLogger(VmToken.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final TokenSource source;
  private final Clock clock;
  private String value = "";
  private Instant renew = Instant.MIN;
  private Instant end = Instant.MIN;

  /**
   * Asks nobody yet.
   *
   * @param metadata the metadata server, {@code http://169.254.169.254} on a Yandex VM
   */
  public VmToken(URI metadata, Clock clock) {
    this.source = new MetadataTokens(metadata, TIMEOUT, clock);
    this.clock = clock;
  }

  /**
   * A token that is good for now.
   *
   * @throws RetryableException if there is none and the server gives none now
   * @throws FatalException if it gives none to this machine
   */
  public synchronized String get() {
    Instant now = clock.instant();
    if (now.isBefore(renew)) {
      return value;
    }
    try {
      IamToken token = source.fetch();
      value = token.getToken();
      end = token.getExpiresAt();
      renew = now.plus(Duration.between(now, end).dividedBy(2));
    } catch (RetryableException | FatalException e) {
      if (!now.isBefore(end)) {
        throw e;
      }
      LOG.warn("{}; the current token is valid until {}.", e.getMessage(), end);
    }
    return value;
  }
}
