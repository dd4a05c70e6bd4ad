package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.YarnApplication;
import dev.caravan.shared.batches.BatchState;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a batch ended.
 *
 * @param state a final one
 * @param exitCode empty if none was written down
 * @param reason one sentence
 * @param leftover what could not be seen gone in time, and why; normally nothing
 */
public record Outcome(
    BatchState state,
    OptionalInt exitCode,
    String reason,
    Optional<String> leftover,
    Instant endedAt) {

  /**
   * What the end of a process means. In client mode YARN is not asked: it says SUCCEEDED for
   * drivers that failed.
   *
   * @param kill why the batch was told to end, if it was
   * @param application the driver's, in cluster mode, where spark-submit ended without success
   */
  static Outcome of(
      OptionalInt code,
      Optional<String> kill,
      Optional<YarnApplication> application,
      Optional<String> leftover,
      Instant now) {
    if (kill.isPresent()) {
      return new Outcome(BatchState.KILLED, code, kill.get(), leftover, now);
    }
    if (application.isPresent()) {
      return ofApplication(code, application.get(), leftover, now);
    }
    if (code.isEmpty()) {
      String reason =
          "its processes vanished without an exit code: they were ended by somebody else, by the kernel or with the machine";
      return new Outcome(BatchState.DEAD, code, reason, leftover, now);
    }
    int value = code.getAsInt();
    String signal = value > 128 && value < 160 ? " (signal " + (value - 128) + ")" : "";
    BatchState state = value == 0 ? BatchState.SUCCESS : BatchState.DEAD;
    return new Outcome(state, code, "it ended with exit code " + value + signal, leftover, now);
  }

  private static Outcome ofApplication(
      OptionalInt code, YarnApplication application, Optional<String> leftover, Instant now) {
    String submit =
        code.isPresent() ? "ended with exit code " + code.getAsInt() : "left no exit code";
    String reason =
        "YARN says "
            + application.finalStatus()
            + " of its application "
            + application.id()
            + "; spark-submit itself "
            + submit;
    BatchState state = application.succeeded() ? BatchState.SUCCESS : BatchState.DEAD;
    return new Outcome(state, code, reason, leftover, now);
  }

  /** The same, with nothing left any more. */
  Outcome withoutLeftover() {
    return new Outcome(state, exitCode, reason, Optional.empty(), endedAt);
  }

  /** The end of a batch that never had a process. */
  static Outcome withoutProcess(BatchState state, String reason, Instant now) {
    return new Outcome(state, OptionalInt.empty(), reason, Optional.empty(), now);
  }
}
