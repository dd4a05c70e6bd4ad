package dev.caravan.cloud.yandex;

import com.google.rpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * How a start or stop that was accepted goes wrong.
 *
 * @param code the google.rpc code in {@code operation.error}
 * @param message the cloud's words
 * @param after how long the operation runs before the error appears
 * @param done whether the operation is done as soon as it carries the error
 * @param leaves the status in which the cluster then is
 */
public record OperationFailure(
    Code code, String message, Duration after, boolean done, Cluster.Status leaves) {

  /** The folder's quota does not allow the machines; the cluster stays stopped. */
  public static OperationFailure quotaExceeded() {
    return of(Code.RESOURCE_EXHAUSTED, "Quota limit compute.instanceCores.count exceeded");
  }

  /** The zone has no room; the cluster stays stopped. */
  public static OperationFailure noCapacity() {
    return of(Code.UNAVAILABLE, "There are not enough resources in zone ru-central1-a");
  }

  /** Done with this error at once; the cluster is stopped. */
  public static OperationFailure of(Code code, String message) {
    return new OperationFailure(code, message, Duration.ZERO, true, Cluster.Status.STOPPED);
  }

  public OperationFailure after(Duration time) {
    return new OperationFailure(code, message, time, done, leaves);
  }

  /** The error appears in an operation that is still not done, and never will be. */
  public OperationFailure beforeDone() {
    return new OperationFailure(code, message, after, false, leaves);
  }

  public OperationFailure leaving(Cluster.Status status) {
    return new OperationFailure(code, message, after, done, status);
  }

  Status error() {
    return Status.newBuilder().setCode(code.value()).setMessage(message).build();
  }
}
