package dev.caravan.processors.pipelines;

import dev.caravan.shared.settings.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings jobs into an order in which each comes after all that it needs. */
final class JobOrder {
  private JobOrder() {}

  /**
   * @param jobs in the order of the file, with their sections
   * @return the first in the file that can come next, again and again; without those of a cycle,
   *     which is noted
   */
  static List<PipelineJob> of(Map<PipelineJob, YamlMapping> jobs) {
    Map<String, PipelineJob> left = new LinkedHashMap<>();
    jobs.keySet().forEach(job -> left.put(job.name(), job));
    Set<String> names = Set.copyOf(left.keySet());
    jobs.forEach((job, section) -> checkNeeds(job, section, names));
    List<PipelineJob> ordered = new ArrayList<>();
    while (true) {
      PipelineJob next =
          left.values().stream()
              .filter(job -> job.needs().stream().noneMatch(left::containsKey))
              .findFirst()
              .orElse(null);
      if (next == null) {
        break;
      }
      ordered.add(left.remove(next.name()));
    }
    if (!left.isEmpty()) {
      refuseCycle(left, jobs);
    }
    return ordered;
  }

  private static void checkNeeds(PipelineJob job, YamlMapping section, Set<String> names) {
    for (String need : job.needs()) {
      if (!names.contains(need)) {
        section
            .find("needs")
            .orElseThrow()
            .refuse(
                "names the job "
                    + need
                    + ", which is not in this file"
                    + Nearest.to(need, names)
                        .map(near -> ": did you mean " + near + "?")
                        .orElse(""));
      }
    }
  }

  /** Each of those that are left needs one that is left: following them leads into a cycle. */
  private static void refuseCycle(
      Map<String, PipelineJob> left, Map<PipelineJob, YamlMapping> jobs) {
    List<String> path = new ArrayList<>();
    String at = left.keySet().iterator().next();
    while (!path.contains(at)) {
      path.add(at);
      at = left.get(at).needs().stream().filter(left::containsKey).findFirst().orElseThrow();
    }
    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
    cycle.add(at);
    jobs.get(left.get(at))
        .find("needs")
        .orElseThrow()
        .refuse("goes round in a circle: " + String.join(" needs ", cycle));
  }
}
