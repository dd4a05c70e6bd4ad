package dev.caravan.cloud.yandex;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The faults that calls were told to show: an error, no answer, a lost answer, a slow one. Each
 * fault is used up in order.
 */
final class CallFaults implements ServerInterceptor {

  /** What happens to one call instead of an answer. */
  sealed interface Fault {
    record Fails(Status status) implements Fault {}

    /** No answer, ever: the client's deadline or the emulator's end finishes the call. */
    record Hangs() implements Fault {}

    /** The call has its effect, the answer is lost on the way and the client sees this status. */
    record LosesAnswer(Status status) implements Fault {}
  }

  private static final Logger log = LoggerFactory.getLogger(CallFaults.class);

  private final Map<Rpc, Deque<Fault>> faults = new EnumMap<>(Rpc.class);
  private final Map<Rpc, Duration> delays = new EnumMap<>(Rpc.class);

  synchronized void add(Rpc rpc, Fault fault, int times) {
    Deque<Fault> queue = faults.computeIfAbsent(rpc, any -> new ArrayDeque<>());
    for (int i = 0; i < times; i++) {
      queue.add(fault);
    }
  }

  synchronized void delay(Rpc rpc, Duration delay) {
    delays.put(rpc, delay);
  }

  synchronized void clear() {
    faults.clear();
    delays.clear();
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    Rpc rpc = Rpc.of(call.getMethodDescriptor()).orElse(null);
    if (rpc == null) {
      return next.startCall(call, headers);
    }
    if (!waitAsTold(rpc)) {
      return new ServerCall.Listener<>() {};
    }
    Fault fault = take(rpc);
    if (fault == null) {
      return next.startCall(call, headers);
    }
    log.info("{} is told: {}", rpc, fault);
    if (fault instanceof Fault.Fails fails) {
      call.close(fails.status(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    if (fault instanceof Fault.LosesAnswer loses) {
      return next.startCall(withoutAnswer(call, loses.status()), headers);
    }
    return new ServerCall.Listener<>() {};
  }

  private synchronized Fault take(Rpc rpc) {
    Deque<Fault> queue = faults.get(rpc);
    return queue == null ? null : queue.poll();
  }

  /**
   * False if the emulator ended meanwhile. Holds a thread of the emulator's unbounded pool, never
   * one of the network's.
   */
  private boolean waitAsTold(Rpc rpc) {
    Duration delay;
    synchronized (this) {
      delay = delays.getOrDefault(rpc, Duration.ZERO);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static <A, B> ServerCall<A, B> withoutAnswer(ServerCall<A, B> call, Status seen) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata headers) {}

      @Override
      public void sendMessage(B message) {}

      @Override
      public void close(Status status, Metadata trailers) {
        super.close(seen, new Metadata());
      }
    };
  }
}
