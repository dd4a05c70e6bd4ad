package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** The files that it names, by the key of the definition that names them. */
  Map<String, List<String>> files() {
    Map<String, List<String>> files = new LinkedHashMap<>();
    files.put("file", List.of(request.file()));
    files.put("py-files", request.pyFiles());
    files.put("jars", request.jars());
    files.put("files", request.files());
    files.put("archives", request.archives());
    return files;
  }

  static boolean isInS3(String file) {
    return file.matches("s3a?://.*");
  }

  /** The files that only the cluster can see. */
  List<String> filesOnCluster() {
    return files().values().stream().flatMap(List::stream).filter(file -> !isInS3(file)).toList();
  }
}
