package dev.caravan.processors.pipelines;

import java.util.List;
import java.util.stream.Collectors;

/** A pipeline's text that can't be used, with all its faults in the order of the file. */
public final class BrokenPipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<PipelineFault> faults;

  public BrokenPipelineException(List<PipelineFault> faults) {
    super(faults.stream().map(PipelineFault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  public List<PipelineFault> faults() {
    return faults;
  }
}
