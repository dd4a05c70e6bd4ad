package dev.caravan.processors.pipelines;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** What is wrong with a file, gathered while it is read, each fault once. */
final class PipelineFaults {
  private final String file;
  private final Set<PipelineFault> faults = new LinkedHashSet<>();

  PipelineFaults(String file) {
    this.file = file;
  }

  void add(int line, String sentence) {
    faults.add(new PipelineFault(file, line, sentence));
  }

  boolean isEmpty() {
    return faults.isEmpty();
  }

  /**
   * @throws BrokenPipelineException if there are any
   */
  void throwAny() {
    if (!faults.isEmpty()) {
      throw new BrokenPipelineException(
          faults.stream().sorted(Comparator.comparingInt(PipelineFault::line)).toList());
    }
  }
}
