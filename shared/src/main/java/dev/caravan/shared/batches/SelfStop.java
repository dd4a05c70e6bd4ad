package dev.caravan.shared.batches;

import java.util.Arrays;
import java.util.Optional;

/** Why an endpoint stops its own cluster; {@code GET /health} tells it by {@link #word}. */
public enum SelfStop {
  LEASE_LAPSED(
      "lease-lapsed", "no run has renewed its lease and nothing runs on it (endpoint.lease-grace)"),
  MAX_AGE("max-age", "it has reached its greatest age (endpoint.max-age)");

  private final String word;
  private final String reason;

  SelfStop(String word, String reason) {
    this.word = word;
    this.reason = reason;
  }

  /** The one of that word; empty for a word of a later version. */
  public static Optional<SelfStop> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** Its name in JSON. */
  public String word() {
    return word;
  }

  /** For a person, to follow "since". */
  public String reason() {
    return reason;
  }
}
