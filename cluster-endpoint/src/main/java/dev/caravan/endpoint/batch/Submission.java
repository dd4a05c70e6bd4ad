package dev.caravan.endpoint.batch;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something to be accepted.
 *
 * @param bodyHash of the request as it was understood
 * @param notes what the batch's log is to say of it, a line each
 * @param words makes the argument list, given the batch's tag
 */
public record Submission(
    String owner,
    Optional<String> name,
    Optional<String> proxyUser,
    Optional<String> key,
    String bodyHash,
    List<String> notes,
    Function<String, List<String>> words) {

  /**
   * The answer to a submission.
   *
   * @param replayed whether the batch was there already
   */
  public record Accepted(Batch batch, boolean replayed) {}
}
