package dev.caravan.routes.check;

import dev.caravan.routes.operations.OperationException;
import dev.caravan.shared.RetryableException;
import java.util.Optional;

/**
 * What a check has found at one place.
 *
 * @param subject the place: a file, a cluster, a job
 * @param message in a sentence
 * @param key the setting, or the place in a pipeline's file, to change if this is no good
 */
public record Finding(
    Group group, String subject, Result result, String message, Optional<String> key) {

  /** What was looked at, in the order of the report. */
  public enum Group {
    SETTINGS,
    PIPELINES,
    ROUTES,
    JOURNAL,
    CLOUD,
    ENDPOINT,
    S3,
    JOBS,
    OUTPUTS,
    CLOCK
  }

  /** What came of it. */
  public enum Result {
    OK,
    /** Wasn't looked at, for the reason that the message gives. */
    SKIPPED,
    /** Works, but not as it should. */
    WARNING,
    /** Can't be reached now; it may be good. */
    UNREACHABLE,
    FAULT
  }

  static Finding ok(Group group, String subject, String message) {
    return new Finding(group, subject, Result.OK, message, Optional.empty());
  }

  static Finding skipped(Group group, String subject, String message) {
    return new Finding(group, subject, Result.SKIPPED, message, Optional.empty());
  }

  static Finding warning(Group group, String subject, String key, String message) {
    return new Finding(group, subject, Result.WARNING, message, Optional.of(key));
  }

  static Finding fault(Group group, String subject, String key, String message) {
    return new Finding(group, subject, Result.FAULT, message, Optional.of(key));
  }

  static Finding unreachable(Group group, String subject, String key, String message) {
    return new Finding(group, subject, Result.UNREACHABLE, message, Optional.of(key));
  }

  /** A look that failed: what may pass is unreachable, all else a fault. */
  static Finding failed(Group group, String subject, String key, Throwable failure) {
    String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    boolean passes =
        failure instanceof RetryableException
            || (failure instanceof OperationException refused
                && refused.reason() == OperationException.Reason.UNAVAILABLE);
    return passes ? unreachable(group, subject, key, words) : fault(group, subject, key, words);
  }
}
