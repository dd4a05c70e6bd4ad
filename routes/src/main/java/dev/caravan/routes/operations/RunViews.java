package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.StoredEvent;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.pipelines.BrokenPipelineException;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.processors.pipelines.RowBand;
import dev.caravan.processors.pipelines.RunValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the views of runs, of the journal and of the definitions that they keep. */
final class RunViews {
  private final PipelineFiles files;
  private final Journal journal;
  private final Function<String, String> clusterName;

  /**
   * @param clusterName the name of the cluster of this id
   */
  RunViews(PipelineFiles files, Journal journal, Function<String, String> clusterName) {
    this.files = files;
    this.journal = journal;
    this.clusterName = clusterName;
  }

  RunView of(Run run) {
    return new RunView(
        run.id(),
        run.pipeline(),
        run.logicalDate(),
        run.attempt(),
        run.clusterId().map(clusterName),
        run.state(),
        run.outcome(),
        run.cause(),
        run.askedBy(),
        run.dueAt(),
        run.startedAt(),
        run.endedAt(),
        run.failure(),
        run.backfillId(),
        run.cancelRequest());
  }

  RunDetail detail(Run run, Optional<SessionView> session) {
    return new RunDetail(
        of(run),
        journal.runs().steps(run).stream()
            .map(step -> new StepView(step.step(), step.subject(), step.begunAt(), step.endedAt()))
            .toList(),
        jobs(run),
        session,
        journal.history().eventsOf(run.id()).stream().map(RunViews::event).toList());
  }

  static EventView event(StoredEvent stored) {
    return new EventView(
        stored.id(),
        Optional.of(stored.event().runId()).filter(id -> !id.isEmpty()),
        stored.event().at(),
        stored.event().kind(),
        stored.event().subject(),
        stored.event().detail());
  }

  /** Those of the definition, and those that were submitted without one. */
  private List<JobView> jobs(Run run) {
    List<JobRun> attempts = journal.jobs().attempts(run);
    List<JobOutput> found = journal.jobs().outputs(run);
    List<PipelineJob> defined = definition(run).map(Pipeline::jobs).orElse(List.of());
    List<JobView> views = new ArrayList<>();
    for (PipelineJob job : defined) {
      views.add(job(run, job.name(), Optional.of(job), attempts, found));
    }
    attempts.stream()
        .map(JobRun::job)
        .distinct()
        .filter(name -> defined.stream().noneMatch(job -> job.name().equals(name)))
        .forEach(name -> views.add(job(run, name, Optional.empty(), attempts, found)));
    return views;
  }

  /** What the run keeps; one that has not begun will keep what stands in the file then. */
  private Optional<Pipeline> definition(Run run) {
    Optional<String> kept = journal.definitions().of(run);
    if (kept.isEmpty()) {
      return run.state().isOpen() ? files.find(run.pipeline()) : Optional.empty();
    }
    try {
      return Optional.of(
          PipelineParser.ofSnapshots().parse(run.pipeline(), run.pipeline(), kept.get()));
    } catch (BrokenPipelineException e) {
      // It was good for the version of Caravan that kept it.
      return Optional.empty();
    }
  }

  private JobView job(
      Run run,
      String name,
      Optional<PipelineJob> defined,
      List<JobRun> all,
      List<JobOutput> outputs) {
    List<JobRun> attempts = all.stream().filter(each -> each.job().equals(name)).toList();
    Optional<JobRun> last = attempts.stream().reduce((earlier, later) -> later);
    List<JobOutput> found =
        outputs.stream()
            .filter(each -> each.job().equals(name))
            .filter(each -> last.filter(own -> own.attempt() == each.attempt()).isPresent())
            .toList();
    return new JobView(
        name,
        defined.map(PipelineJob::needs).orElse(List.of()),
        last.map(JobRun::state),
        journal.jobs().usual(run.pipeline(), name),
        attempts.stream().map(RunViews::attempt).toList(),
        defined
            .map(job -> promised(run, job, values(run, last), found))
            .orElseGet(() -> found.stream().map(RunViews::found).toList()));
  }

  /** What the placeholders of the promises stood for, or will stand for. */
  private RunValues values(Run run, Optional<JobRun> last) {
    return last.flatMap(journal.jobs()::application)
        .map(RunValues::of)
        .orElseGet(() -> RunValues.of(run, last.map(JobRun::attempt).orElse(1)));
  }

  private static AttemptView attempt(JobRun job) {
    return new AttemptView(
        job.attempt(),
        job.state(),
        job.batchId(),
        job.applicationId(),
        job.submittedAt(),
        job.endedAt(),
        job.failure(),
        job.logAddress(),
        job.dates());
  }

  private static List<OutputView> promised(
      Run run, PipelineJob job, RunValues values, List<JobOutput> found) {
    List<OutputContract> contracts = job.contracts(values, run.logicalDate());
    List<OutputView> views = new ArrayList<>();
    for (int number = 1; number <= contracts.size(); number++) {
      int wanted = number;
      OutputContract contract = contracts.get(number - 1);
      views.add(
          new OutputView(
              number,
              contract.location().toString(),
              Optional.of(contract(contract, job.outputs().get(number - 1).band())),
              found.stream()
                  .filter(each -> each.number() == wanted)
                  .findFirst()
                  .map(RunViews::counted)));
    }
    return views;
  }

  private static ContractView contract(OutputContract contract, Optional<RowBand> band) {
    return new ContractView(
        contract.minObjects(),
        contract.minBytes(),
        contract.minRows(),
        band.map(RowBand::toString),
        contract.columns());
  }

  private static OutputView found(JobOutput output) {
    return new OutputView(
        output.number(), output.location(), Optional.empty(), Optional.of(counted(output)));
  }

  private static FoundOutput counted(JobOutput output) {
    return new FoundOutput(output.attempt(), output.objects(), output.bytes(), output.rowCount());
  }
}
