package dev.caravan.cloud.yandex;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Turns what a method returns or throws into gRPC's answer. */
final class GrpcAnswer {

  private GrpcAnswer() {}

  /**
   * A {@link StatusRuntimeException} is the answer itself; {@link IllegalStateException} is
   * FAILED_PRECONDITION.
   */
  static <T> void answer(StreamObserver<T> observer, Supplier<T> method) {
    T value;
    try {
      value = method.get();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    } catch (IllegalStateException e) {
      observer.onError(
          Status.FAILED_PRECONDITION.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    observer.onNext(value);
    observer.onCompleted();
  }
}
