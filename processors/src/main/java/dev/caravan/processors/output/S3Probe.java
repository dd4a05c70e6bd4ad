package dev.caravan.processors.output;

import dev.caravan.shared.s3.S3Settings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Finds out what our key may do in S3, and whether objects are there. It changes nothing. For use
 * by many threads; each call ends like those of {@link S3Component}.
 */
public final class S3Probe implements AutoCloseable {
  /** No server has given an upload this id; some take only a UUID for one. */
  private static final String NO_UPLOAD = "00000000-0000-0000-0000-000000000000";

  private static final String NO_OBJECT = "_caravan-check";

  private final S3Client s3;

  /**
   * What a listing showed.
   *
   * @param object the first that has data; empty: there is none
   * @param date the time by S3's clock, in whole seconds; empty if it didn't say
   */
  public record Listing(Optional<S3Location> object, Optional<Instant> date) {}

  /** Whether an object is there. */
  public enum Presence {
    THERE,
    MISSING,
    /** Our key may not see it; another may. */
    FORBIDDEN
  }

  /** Whether our key may write. */
  public enum Writing {
    REFUSED,
    ALLOWED,
    /** The server's answer says neither. */
    UNKNOWN
  }

  /** The one request that is no read; it can't write. */
  private static final class PartOfNoUpload extends ReadOnlyInterceptor {
    @Override
    boolean isHarmless(SdkRequest request) {
      return request instanceof UploadPartRequest part && NO_UPLOAD.equals(part.uploadId());
    }
  }

  public S3Probe(S3Settings settings) {
    s3 = S3Component.client(settings, new PartOfNoUpload());
  }

  /**
   * Lists the beginning of a prefix.
   *
   * @param prefix ends with a slash; empty: the whole bucket
   * @throws dev.caravan.shared.FatalException if S3 refuses us or there is no such bucket
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached
   */
  public Listing list(String bucket, String prefix) {
    try {
      ListObjectsResponse page =
          s3.listObjects(call -> call.bucket(bucket).prefix(prefix).maxKeys(100));
      return new Listing(
          page.contents().stream()
              .filter(object -> object.size() > 0)
              .map(object -> new S3Location(bucket, object.key()))
              .findFirst(),
          page.sdkHttpResponse().firstMatchingHeader("Date").flatMap(S3Probe::date));
    } catch (SdkException e) {
      throw S3Failures.of(new S3Location(bucket, prefix), e);
    }
  }

  /** The date of an HTTP header. */
  private static Optional<Instant> date(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Looks for an object, as one that reads it would.
   *
   * @throws dev.caravan.shared.FatalException if there is no such bucket
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached
   */
  public Presence find(S3Location object) {
    try {
      s3.headObject(call -> call.bucket(object.bucket()).key(object.key()));
      return Presence.THERE;
    } catch (NoSuchBucketException e) {
      throw S3Failures.of(object, e);
    } catch (AwsServiceException e) {
      return switch (e.statusCode()) {
        case 404 -> Presence.MISSING;
        case 401, 403 -> Presence.FORBIDDEN;
        default -> throw S3Failures.of(object, e);
      };
    } catch (SdkException e) {
      throw S3Failures.of(object, e);
    }
  }

  /**
   * Whether our key may write under a prefix. It sends a part of an upload that was never begun:
   * that needs the permission to put objects, and whoever has it is told that there is no such
   * upload. Nothing can come of it. A PUT under a condition would overwrite at a server that
   * doesn't know conditions, and an upload that is begun may stay, since its abortion needs a
   * permission of its own.
   *
   * @param prefix ends with a slash, or is empty
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached
   */
  public Writing writing(String bucket, String prefix) {
    S3Location place = new S3Location(bucket, prefix + NO_OBJECT);
    UploadPartRequest part =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(place.key())
            .uploadId(NO_UPLOAD)
            .partNumber(1)
            .build();
    try {
      s3.uploadPart(part, RequestBody.fromString("x"));
      return Writing.ALLOWED;
    } catch (AwsServiceException e) {
      if (e.statusCode() == 401 || e.statusCode() == 403) {
        return Writing.REFUSED;
      }
      return e.statusCode() == 404 ? Writing.ALLOWED : Writing.UNKNOWN;
    } catch (SdkException e) {
      throw S3Failures.of(place, e);
    }
  }

  @Override
  public void close() {
    s3.close();
  }
}
