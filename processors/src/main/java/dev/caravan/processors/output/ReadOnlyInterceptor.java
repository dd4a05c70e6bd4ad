package dev.caravan.processors.output;

import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Allows reads and rejects all other requests before they are sent. Only the jobs write to the
 * lake: a mistake in a route, or a header that selects an operation, must not write or delete
 * there.
 */
class ReadOnlyInterceptor implements ExecutionInterceptor {
  private static final Set<Class<? extends SdkRequest>> READS =
      Set.of(
          GetObjectRequest.class,
          HeadBucketRequest.class,
          HeadObjectRequest.class,
          ListObjectsRequest.class,
          ListObjectsV2Request.class);

  @Override
  public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
    Class<? extends SdkRequest> asked = call.request().getClass();
    if (!READS.contains(asked) && !isHarmless(call.request())) {
      throw SdkClientException.create(
          "Caravan only reads S3; a " + asked.getSimpleName() + " was not sent.");
    }
  }

  /** Whether a request that is no read may be sent all the same. */
  boolean isHarmless(SdkRequest request) {
    return false;
  }
}
