package dev.caravan.cloud.s3;

import java.net.URI;

/**
 * How to reach an S3 server: path style, with these keys.
 *
 * @param endpoint http://host:port
 */
public record S3Access(URI endpoint, String region, String accessKeyId, String secretAccessKey) {

  @Override
  public String toString() {
    return "S3Access[" + endpoint + ", " + region + "]";
  }
}
