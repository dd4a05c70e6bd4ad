package dev.caravan.cloud.yandex;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.rpc.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import yandex.cloud.api.operation.OperationOuterClass.Operation;

/** All operations of the emulator, oldest first. Safe for all threads. */
final class Operations {

  private record Entry(String clusterId, Operation operation) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Clock clock;

  Operations(Clock clock) {
    this.clock = clock;
  }

  synchronized Operation begin(String clusterId, String description, Message metadata) {
    String id = "c9qoperation%08d".formatted(count.incrementAndGet());
    Operation operation =
        Operation.newBuilder()
            .setId(id)
            .setDescription(description)
            .setCreatedBy("local-cloud")
            .setCreatedAt(now())
            .setModifiedAt(now())
            .setMetadata(Any.pack(metadata))
            .build();
    entries.put(id, new Entry(clusterId, operation));
    return operation;
  }

  Operation succeed(String id, Message response) {
    return change(id, builder -> builder.setResponse(Any.pack(response)).setDone(true));
  }

  /**
   * Puts an error into the operation, which is then done or, as the real service may do, not yet.
   */
  Operation fail(String id, Status error, boolean done) {
    return change(id, builder -> builder.setError(error).setDone(done));
  }

  private synchronized Operation change(String id, UnaryOperator<Operation.Builder> change) {
    Entry entry = entries.get(id);
    Operation changed = change.apply(entry.operation().toBuilder()).setModifiedAt(now()).build();
    entries.put(id, new Entry(entry.clusterId(), changed));
    return changed;
  }

  synchronized Optional<Operation> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::operation);
  }

  synchronized List<Operation> ofCluster(String clusterId) {
    return entries.values().stream()
        .filter(entry -> entry.clusterId().equals(clusterId))
        .map(Entry::operation)
        .toList();
  }

  private Timestamp now() {
    Instant now = clock.instant();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }
}
