package dev.caravan.processors.logs;

import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Objects;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.ShippedNames;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** Finds logs of batches in S3. Needs a Camel context whose S3 is configured; for many threads. */
public final class ShippedLogs {
  private static final int LARGEST_MANIFEST = 16 * 1024 * 1024;

  private final S3Objects s3;

  public ShippedLogs(CamelContext camel) {
    this.s3 = new S3Objects(camel);
  }

  /**
   * A log as it stands in S3 now; one that still grows is a little behind the endpoint.
   *
   * @param address {@code s3://bucket/prefix/tag/}, as the endpoint gave it with the batch
   * @return empty if there is none: nothing was shipped yet, or it was deleted
   * @throws FatalException if S3 refuses us, or something else lies there
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached
   */
  public Optional<ShippedLog> find(S3Location address) {
    S3Location place = address.asDirectory();
    return s3.whole(within(place, ShippedNames.MANIFEST), LARGEST_MANIFEST)
        .map(json -> new ShippedLog(s3, place, LogManifest.parse(place, json)));
  }

  static S3Location within(S3Location place, String name) {
    return new S3Location(place.bucket(), place.key() + name);
  }
}
