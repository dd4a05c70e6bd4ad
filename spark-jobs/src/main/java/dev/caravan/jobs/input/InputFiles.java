package dev.caravan.jobs.input;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of several files at once. */
final class InputFiles {
  private InputFiles() {}

  /**
   * Passes if each file has its columns.
   *
   * @throws JobFailedException with {@link ExitCode#MISSING_COLUMNS}, naming the first that has
   *     not, and how many more there are
   */
  static void check(List<InputFile> files) {
    List<String> faults =
        files.stream()
            .map(InputFile::fault)
            .filter(Optional::isPresent)
            .map(Optional::get)
            .collect(Collectors.toList());
    if (!faults.isEmpty()) {
      String more =
          faults.size() == 1 ? "" : String.format("%d files, among them: ", faults.size());
      throw new JobFailedException(ExitCode.MISSING_COLUMNS, more + faults.get(0));
    }
  }
}
