package dev.caravan.processors.pipelines;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A pipeline's file that can't be used as it is now.
 *
 * @param file its name in the directory
 */
public record BrokenFile(String file, List<PipelineFault> faults) {

  public BrokenFile {
    faults = List.copyOf(faults);
  }

  /** All faults in words. */
  public String words() {
    return faults.stream().map(PipelineFault::toString).collect(Collectors.joining("; "));
  }
}
