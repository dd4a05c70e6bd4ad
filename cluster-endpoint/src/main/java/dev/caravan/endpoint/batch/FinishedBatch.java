package dev.caravan.endpoint.batch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The data that is kept of a batch that has ended.
 *
 * @param record without the argument list, which nobody needs any more
 * @param launch when its process was started; empty if it never was
 * @param deleted whether it is hidden from clients
 */
record FinishedBatch(
    BatchRecord record,
    Outcome outcome,
    Optional<String> applicationId,
    Optional<Instant> launch,
    boolean deleted) {

  FinishedBatch {
    record =
        new BatchRecord(
            record.id(),
            record.tag(),
            record.owner(),
            record.name(),
            record.proxyUser(),
            record.key(),
            record.bodyHash(),
            record.acceptedAt(),
            List.of(),
            record.logAddress());
  }

  static FinishedBatch of(Batch batch, Outcome outcome, boolean deleted) {
    return new FinishedBatch(
        batch.record(), outcome, batch.applicationId(), batch.startedAt(), deleted);
  }
}
