package dev.caravan.routes.check;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.output.Counted;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.PromisedOutput;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JobView;
import dev.caravan.routes.operations.OutputView;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds what the last successful run of a pipeline has left in S3 to its contract as it is written
 * now.
 */
record OutputCheck(ControlPlane plane, OutputVerifier verifier) {

  List<Look> looks(Pipeline pipeline) {
    RunFilter succeeded =
        RunFilter.of(Optional.of(pipeline.name()), Optional.empty(), RunState.SUCCEEDED);
    Optional<RunView> last =
        plane.runs(succeeded, PageRequest.first(1)).items().stream().findFirst();
    if (last.isEmpty()) {
      return List.of(
          new Look(
              Finding.Group.OUTPUTS,
              pipeline.name(),
              "",
              () ->
                  List.of(
                      Finding.skipped(
                          Finding.Group.OUTPUTS,
                          pipeline.name(),
                          "It has no run that succeeded."))));
    }
    List<Look> looks = new ArrayList<>();
    for (JobView job : plane.run(last.get().id()).jobs()) {
      for (OutputView output : job.outputs()) {
        promise(pipeline, job.name(), output.number())
            .ifPresent(promise -> looks.add(look(pipeline, job.name(), promise, output)));
      }
    }
    return looks;
  }

  /** Empty if the definition has no such output any more. */
  private static Optional<PromisedOutput> promise(Pipeline pipeline, String job, int number) {
    return pipeline.jobs().stream()
        .filter(each -> each.name().equals(job))
        .map(PipelineJob::outputs)
        .filter(outputs -> number <= outputs.size())
        .map(outputs -> outputs.get(number - 1))
        .findFirst();
  }

  private Look look(Pipeline pipeline, String job, PromisedOutput promise, OutputView output) {
    OutputContract contract =
        new OutputContract(
            S3Location.of(output.at()),
            promise.minObjects(),
            promise.minBytes(),
            promise.minRows(),
            promise.columns());
    String subject = pipeline.name() + "/" + job;
    return new Look(
        Finding.Group.OUTPUTS,
        subject,
        "pipelines/%s.yaml, jobs.%s.outputs".formatted(pipeline.name(), job),
        () ->
            List.of(
                Finding.ok(
                    Finding.Group.OUTPUTS,
                    subject,
                    // Its age was judged by the run.
                    words(verifier.verify(contract, Instant.EPOCH)))));
  }

  private static String words(OutputReport report) {
    OptionalLong rows = report.rows();
    return "%s keeps its contract: %s%s."
        .formatted(
            report.location(),
            rows.isPresent() ? Counted.of(rows.getAsLong(), "row") + " in " : "",
            Counted.of(report.objects(), "object"));
  }
}
