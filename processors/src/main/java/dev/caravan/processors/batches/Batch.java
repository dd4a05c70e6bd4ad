package dev.caravan.processors.batches;

import dev.caravan.shared.batches.BatchState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One look at a batch.
 *
 * @param id from 1 on, never reused (a stock Livy begins at 0, again after each restart)
 * @param stateWord the state as the endpoint spelled it, kept for words that read as UNKNOWN
 * @param appId the YARN or Spark application, once it is known
 * @param log the last lines, about ten, framed as Livy frames them
 * @param further every other key of the answer as text, objects as JSON (owner, appInfo, ...); our
 *     own endpoint adds {@code logAddress}, and {@code exitCode} and {@code reason} once the batch
 *     has ended
 */
public record Batch(
    int id,
    Optional<String> name,
    BatchState state,
    String stateWord,
    Optional<String> appId,
    List<String> log,
    Map<String, String> further) {

  public Batch {
    log = List.copyOf(log);
    further = Map.copyOf(further);
  }

  /** Where the endpoint ships the batch's log to; a stock Livy ships nothing. */
  public Optional<String> logAddress() {
    return Optional.ofNullable(further.get("logAddress"));
  }

  public boolean isFinished() {
    return state.isFinished();
  }
}
