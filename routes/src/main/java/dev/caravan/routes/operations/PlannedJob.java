package dev.caravan.routes.operations;

import java.util.List;

/**
 * A job of a pipeline.
 *
 * @param needs the jobs that must have succeeded before
 * @param outputs where it promises outputs, placeholders unresolved
 */
public record PlannedJob(String name, List<String> needs, List<String> outputs) {
  public PlannedJob {
    needs = List.copyOf(needs);
    outputs = List.copyOf(outputs);
  }
}
