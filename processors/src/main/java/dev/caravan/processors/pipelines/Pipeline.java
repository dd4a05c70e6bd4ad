package dev.caravan.processors.pipelines;

import dev.caravan.processors.cost.Budget;
import dev.caravan.shared.FatalException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline as its file defines it.
 *
 * @param name the file's name without its ending
 * @param schedule empty: it runs by hand only
 * @param cluster the name of the cluster in the settings
 * @param parallel how many jobs run side by side at most
 * @param budget empty: it may spend what it needs
 * @param jobs each after all that it needs, otherwise in the order of the file
 * @param text the file's text; {@link PipelineParser#ofSnapshots} makes the same pipeline of it
 */
public record Pipeline(
    String name,
    Optional<PipelineSchedule> schedule,
    String cluster,
    int parallel,
    Optional<Budget> budget,
    List<PipelineJob> jobs,
    String text) {

  public Pipeline {
    jobs = List.copyOf(jobs);
  }

  /**
   * @throws FatalException if it has no such job
   */
  public PipelineJob job(String job) {
    return jobs.stream()
        .filter(each -> each.name().equals(job))
        .findFirst()
        .orElseThrow(
            () ->
                new FatalException(
                    "Pipeline %s has no job '%s'; it has %s.".formatted(name, job, jobNames())));
  }

  /** The logical date of a run that begins then: as scheduled, or else yesterday in UTC. */
  public LocalDate dateAt(Instant begin) {
    return schedule
        .map(set -> set.dateAt(begin))
        .orElseGet(() -> DateRule.YESTERDAY.of(LocalDate.ofInstant(begin, ZoneOffset.UTC)));
  }

  /** How many dates an application of each job takes at most, in the jobs' order. */
  public Map<String, Integer> together() {
    Map<String, Integer> together = new LinkedHashMap<>();
    jobs.forEach(job -> together.put(job.name(), job.together()));
    return together;
  }

  public List<String> jobNames() {
    return jobs.stream().map(PipelineJob::name).toList();
  }
}
