package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/**
 * A job as a run that falls due now would submit it.
 *
 * @param outputs where it would leave its outputs
 */
record CheckedJob(
    String pipeline, String name, String cluster, BatchRequest request, List<S3Location> outputs) {

  static List<CheckedJob> of(Pipeline pipeline, Instant now) {
    LocalDate date = pipeline.dateAt(now);
    RunValues values = new RunValues(date, List.of(date), pipeline.name() + "/" + date + "/1", 1);
    return pipeline.jobs().stream().map(job -> of(pipeline, job, values)).toList();
  }

  private static CheckedJob of(Pipeline pipeline, PipelineJob job, RunValues values) {
    return new CheckedJob(
        pipeline.name(),
        job.name(),
        pipeline.cluster(),
        job.request(values, IdempotencyKey.of(pipeline.name(), job.name(), values.date(), 1)),
        job.contracts(values, values.date()).stream()
            .map(contract -> contract.location())
            .toList());
  }

  String subject() {
    return pipeline + "/" + name;
  }

  /** The place of the job's definition, or of this part of it. */
  String key(String part) {
    return "pipelines/%s.yaml, jobs.%s%s".formatted(pipeline, name, part);
  }

  /** The files that it names and that lie in S3. */
  Stream<Named> filesInS3() {
    return files().filter(named -> named.isInS3());
  }

  /** The files that it names and that only the cluster can see. */
  Stream<Named> filesOnCluster() {
    return files().filter(named -> !named.isInS3());
  }

  private Stream<Named> files() {
    return Stream.of(
            named("file", List.of(request.file())),
            named("py-files", request.pyFiles()),
            named("jars", request.jars()),
            named("files", request.files()),
            named("archives", request.archives()))
        .flatMap(files -> files);
  }

  private static Stream<Named> named(String key, List<String> files) {
    return files.stream().map(file -> new Named(key, file));
  }

  /**
   * A file that the job names.
   *
   * @param key of the definition, under which it is named
   */
  record Named(String key, String file) {
    private boolean isInS3() {
      return file.matches("s3a?://.*");
    }
  }
}
