package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one sentence why a batch failed: its exit code in words, and the job's own last word. */
final class JobFailure {
  /** The one clear line that Caravan's jobs leave on stderr. */
  private static final Pattern JOBS_WORD = Pattern.compile("caravan-spark-jobs: (.*)");

  /** What Spark goes on to write after the line that says why. */
  private static final Pattern CHATTER =
      Pattern.compile("[0-9/ :-]+ (INFO|DEBUG|TRACE) .*|at .*|\\.\\.\\. [0-9]+ more");

  /** The exit codes of the jobs' contract. */
  private static final Map<String, String> MEANINGS =
      Map.of("64", "bad arguments", "65", "unusable input", "66", "no input in the window");

  private JobFailure() {}

  /** Our endpoint says it beside the state; a stock Livy does not. */
  static Optional<Integer> exitCode(Batch batch) {
    return Optional.ofNullable(batch.further().get("exitCode"))
        .filter(code -> code.matches("[0-9]{1,9}"))
        .map(Integer::valueOf);
  }

  /**
   * @param log the last lines of the batch's log
   */
  static String describe(String job, Batch batch, List<String> log) {
    // Our endpoint says the exit code beside the state; a stock Livy does not.
    Optional<String> exitCode = Optional.ofNullable(batch.further().get("exitCode"));
    String code =
        exitCode
            .map(
                known ->
                    " with exit code "
                        + known
                        + Optional.ofNullable(MEANINGS.get(known))
                            .map(meaning -> " (" + meaning + ")")
                            .orElse(""))
            .orElse("");
    String word =
        last(log, JOBS_WORD)
            .or(() -> lastLine(log))
            .or(() -> Optional.ofNullable(batch.further().get("reason")))
            .map(line -> ": " + line)
            .orElse("");
    String address = batch.logAddress().map(found -> " (log: " + found + ")").orElse("");
    return "Job %s failed: batch %d ended %s%s%s%s"
        .formatted(job, batch.id(), batch.stateWord(), code, word, address);
  }

  private static Optional<String> last(List<String> log, Pattern pattern) {
    return log.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .reduce((first, second) -> second);
  }

  private static Optional<String> lastLine(List<String> log) {
    return log.stream()
        .map(String::strip)
        .filter(
            line ->
                !line.isEmpty()
                    && !line.equals("stdout:")
                    && !line.equals("stderr:")
                    && !line.equals("YARN Diagnostics:")
                    && !line.startsWith("caravan: ")
                    && !CHATTER.matcher(line).matches())
        .reduce((first, second) -> second);
  }
}
