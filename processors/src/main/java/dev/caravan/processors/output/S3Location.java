package dev.caravan.processors.output;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in S3, written {@code s3://bucket/key} (or {@code s3a://}, as Spark writes it). The key
 * is literal: it is no URI, so that {@code %3A}, {@code #}, {@code +} and blanks stand for
 * themselves, as they do for S3 and Hadoop.
 *
 * @param key without a leading slash; of one object, or the prefix of several
 */
public record S3Location(String bucket, String key) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PLACE = Pattern.compile("s3a?://([^/]*)/(.+)");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int LONGEST_KEY_BYTES = 1024;

  /**
   * @throws IllegalArgumentException with a sentence if it is written otherwise
   */
  public static S3Location of(String text) {
    Matcher place = PLACE.matcher(text);
    if (CONTROL.matcher(text).find()
        || !place.matches()
        || !BUCKET.matcher(place.group(1)).matches()
        || place.group(2).getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "An S3 location has the form s3://bucket/path, but this is '" + text + "'.");
    }
    return new S3Location(place.group(1), place.group(2));
  }

  /** The same place with a slash at its end. */
  public S3Location asDirectory() {
    return key.endsWith("/") ? this : new S3Location(bucket, key + "/");
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
