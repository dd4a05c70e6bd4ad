package dev.caravan.processors;

import dev.caravan.shared.FatalException;
import java.util.List;

/** The pipeline's jobs, in the order they run. */
public record JobConfigs(List<JobConfig> inOrder) {

  public JobConfigs {
    inOrder = List.copyOf(inOrder);
  }

  public JobConfig get(String name) {
    return inOrder.stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new FatalException(
                    "No job '" + name + "' is configured: caravan.jobs names " + names() + "."));
  }

  public List<String> names() {
    return inOrder.stream().map(JobConfig::name).toList();
  }
}
