package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunsOfDates;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes the grid of a pipeline, of its definition and of the journal. */
final class RunGridViews {
  private final Journal journal;
  private final Function<Run, RunView> runs;

  RunGridViews(Journal journal, Function<Run, RunView> runs) {
    this.journal = journal;
    this.runs = runs;
  }

  RunGrid of(Pipeline pipeline, LocalDate from, LocalDate to) {
    RunsOfDates found = journal.history().runsOfDates(pipeline.name(), from, to);
    Map<LocalDate, List<Run>> byDate = new TreeMap<>(Comparator.<LocalDate>reverseOrder());
    for (Run run : found.runs()) {
      byDate.computeIfAbsent(run.logicalDate(), date -> new ArrayList<>()).add(run);
    }
    Set<String> jobs =
        new LinkedHashSet<>(pipeline.jobs().stream().map(PipelineJob::name).toList());
    List<RunGrid.Day> days = new ArrayList<>();
    byDate.forEach(
        (date, all) -> {
          Run last = all.stream().max(Comparator.comparingInt(Run::attempt)).orElseThrow();
          Map<String, RunGrid.JobCell> cells = new HashMap<>();
          found.jobs().getOrDefault(last.id(), List.of()).stream()
              .sorted(Comparator.comparingInt(JobRun::attempt))
              .forEach(job -> cells.put(job.job(), cell(job)));
          jobs.addAll(cells.keySet());
          days.add(
              new RunGrid.Day(
                  date,
                  runs.apply(last),
                  all.size(),
                  cells,
                  Optional.ofNullable(found.rows().get(last.id()))));
        });
    return new RunGrid(pipeline.name(), List.copyOf(jobs), days);
  }

  private static RunGrid.JobCell cell(JobRun job) {
    return new RunGrid.JobCell(job.state(), job.submittedAt(), job.endedAt(), job.failure());
  }
}
