package dev.caravan.shared.batches;

import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * The name of one submission. The endpoint starts only one batch per key, however often the key is
 * sent. A key is derived from the work and never random, so that it can be computed again after a
 * crash between request and response.
 *
 * @param value 1 to 128 characters of {@code [A-Za-z0-9._:/-]}
 */
public record IdempotencyKey(String value) {
  /** The request's header that holds a key. */
  public static final String HEADER = "Idempotency-Key";

  /** The answer's header that says whether the batch is that of an earlier submission. */
  public static final String REPLAY_HEADER = "Idempotent-Replay";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._:-]+");

  public IdempotencyKey {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "An idempotency key has 1 to 128 characters of [A-Za-z0-9._:/-], but this is '"
              + value
              + "'.");
    }
  }

  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  /**
   * The key {@code run/job/logical date/attempt}.
   *
   * @param attempt from 1 on; a new attempt is a new batch
   * @throws IllegalArgumentException if run or job hold a slash (two submissions could then share a
   *     key) or another character that keys may not have, or if the whole is too long
   */
  public static IdempotencyKey of(String run, String job, LocalDate logicalDate, int attempt) {
    requirePart("run", run);
    requirePart("job", job);
    if (attempt < 1) {
      throw new IllegalArgumentException("Attempts are counted from 1, but this is " + attempt);
    }
    return new IdempotencyKey(run + "/" + job + "/" + logicalDate + "/" + attempt);
  }

  /**
   * The key of one submission for several dates, {@code run/job/first date/b and the backfill}.
   *
   * @throws IllegalArgumentException like {@link #of}
   */
  public static IdempotencyKey shared(String run, String job, LocalDate firstDate, long backfill) {
    requirePart("run", run);
    requirePart("job", job);
    return new IdempotencyKey(run + "/" + job + "/" + firstDate + "/b" + backfill);
  }

  private static void requirePart(String what, String value) {
    if (!PART.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " '"
              + value
              + "' can't be part of an idempotency key: rename it with letters, digits and ._:-"
              + " only.");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
