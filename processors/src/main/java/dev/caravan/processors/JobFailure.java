package dev.caravan.processors;

import dev.caravan.processors.batches.Batch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one sentence why a batch failed: its exit code in words, and the job's own last word. */
final class JobFailure {
  /** The endpoint's line among the first of a log. */
  private static final Pattern EXIT_CODE = Pattern.compile("caravan: exit code (\\d{1,3})\\b");

  /** The one clear line that Caravan's jobs leave on stderr. */
  private static final Pattern JOBS_WORD = Pattern.compile("caravan-spark-jobs: (.*)");

  /** The exit codes of the jobs' contract. */
  private static final Map<Integer, String> MEANINGS =
      Map.of(
          64,
          "bad arguments",
          65,
          "input without the columns it must have",
          66,
          "no input in the window");

  private JobFailure() {}

  /**
   * @param log the first and last lines of the batch's log, as far as they could be read
   */
  static String describe(String job, Batch batch, List<String> log) {
    Optional<Integer> exitCode = last(log, EXIT_CODE).map(Integer::valueOf);
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
    String word = last(log, JOBS_WORD).or(() -> lastLine(log)).map(line -> ": " + line).orElse("");
    return "Job %s failed: batch %d ended %s%s%s"
        .formatted(job, batch.id(), batch.stateWord(), code, word);
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
                    && !line.endsWith("stdout:")
                    && !line.endsWith("stderr:")
                    && !line.endsWith("YARN Diagnostics:")
                    && !line.startsWith("caravan: "))
        .reduce((first, second) -> second);
  }
}
