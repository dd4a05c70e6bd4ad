package dev.caravan.processors.output;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A place in S3, written {@code s3://bucket/key} (or {@code s3a://}, as Spark writes it).
 *
 * @param key without a leading slash; of one object, or the prefix of several
 */
public record S3Location(String bucket, String key) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /**
   * @throws IllegalArgumentException if it is written otherwise
   */
  public static S3Location of(URI uri) {
    boolean s3 = "s3".equals(uri.getScheme()) || "s3a".equals(uri.getScheme());
    String bucket = uri.getAuthority() == null ? "" : uri.getAuthority();
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!s3
        || !BUCKET.matcher(bucket).matches()
        || path.length() < 2
        || uri.getQuery() != null
        || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          "A place in S3 is written s3://bucket/path, but this is '" + uri + "'.");
    }
    return new S3Location(bucket, path.substring(1));
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
