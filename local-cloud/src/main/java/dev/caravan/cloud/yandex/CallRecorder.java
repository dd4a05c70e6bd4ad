package dev.caravan.cloud.yandex;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes every call in order of arrival, and how it was answered. */
final class CallRecorder implements ServerInterceptor {

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-client-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final List<RecordedCall> calls = new ArrayList<>();
  private final Clock clock;

  CallRecorder(Clock clock) {
    this.clock = clock;
  }

  synchronized List<RecordedCall> calls() {
    return List.copyOf(calls);
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    Optional<Rpc> rpc = Rpc.of(call.getMethodDescriptor());
    if (rpc.isEmpty()) {
      return next.startCall(call, headers);
    }
    String requestId = Optional.ofNullable(headers.get(REQUEST_ID)).orElse("");
    boolean byMachine =
        Optional.ofNullable(headers.get(AUTHORIZATION))
            .map(value -> value.substring(value.indexOf(' ') + 1))
            .filter(IssuedTokens.Holder.MACHINE::holds)
            .isPresent();
    int index = arrived(rpc.get(), requestId, byMachine);
    ServerCall<A, B> noting =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            answered(index, status.getCode());
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(noting, headers)) {
      @Override
      public void onCancel() {
        answered(index, Status.Code.CANCELLED);
        super.onCancel();
      }
    };
  }

  private synchronized int arrived(Rpc rpc, String requestId, boolean byMachine) {
    calls.add(new RecordedCall(rpc, clock.instant(), requestId, byMachine, Optional.empty()));
    return calls.size() - 1;
  }

  private synchronized void answered(int index, Status.Code code) {
    RecordedCall call = calls.get(index);
    if (call.outcome().isEmpty()) {
      calls.set(
          index,
          new RecordedCall(
              call.rpc(), call.at(), call.requestId(), call.byMachine(), Optional.of(code)));
    }
  }
}
