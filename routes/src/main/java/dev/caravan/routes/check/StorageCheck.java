package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Probe;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What our key may do in S3, and whether the files of the jobs are there. Caravan needs to list and
 * read where the outputs and the logs are; only jobs and endpoint write.
 */
record StorageCheck(S3Probe s3, Clock clock) {
  private static final String ENDPOINT = "caravan.s3.endpoint";
  private static final String KEY_FILE = "caravan.s3.credentials-file";

  /** The values of the run that would fall due now. */
  private RunValues values(Pipeline pipeline) {
    LocalDate date = pipeline.dateAt(clock.instant());
    return new RunValues(date, List.of(date), pipeline.name() + "/" + date + "/1", 1);
  }

  /** One look at each bucket that has an output, and one at each file of a job. */
  List<Look> looks(List<Pipeline> pipelines) {
    Map<String, String> buckets = new TreeMap<>();
    List<Look> looks = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      RunValues values = values(pipeline);
      for (PipelineJob job : pipeline.jobs()) {
        for (OutputContract contract : job.contracts(values, values.date())) {
          S3Location place = contract.location();
          buckets.putIfAbsent(place.bucket(), parent(place.key()));
        }
        looks.addAll(files(pipeline, job, values));
      }
    }
    buckets.forEach(
        (bucket, prefix) ->
            looks.add(
                new Look(
                    Finding.Group.S3, "s3://" + bucket, ENDPOINT, () -> bucket(bucket, prefix))));
    return looks;
  }

  /** Where the partitions of all dates are; the place of one of them may not be there yet. */
  private static String parent(String directory) {
    return directory.substring(0, directory.lastIndexOf('/', directory.length() - 2) + 1);
  }

  private List<Finding> bucket(String bucket, String prefix) {
    String subject = "s3://" + bucket + "/" + prefix;
    List<Finding> findings = new ArrayList<>();
    Instant asked = clock.instant();
    S3Probe.Listing listing = s3.list(bucket, prefix);
    listing
        .date()
        .ifPresent(date -> findings.add(ClockSkew.of("S3", asked, clock.instant(), date)));
    findings.add(reading(subject, listing));
    findings.add(writing(subject, bucket, prefix));
    return findings;
  }

  private Finding reading(String subject, S3Probe.Listing listing) {
    if (listing.object().isEmpty()) {
      return Finding.ok(
          Finding.Group.S3,
          subject,
          "Our key may list it. Nothing is there yet that could be read.");
    }
    S3Location object = listing.object().get();
    return switch (s3.find(object)) {
      case THERE -> Finding.ok(Finding.Group.S3, subject, "Our key may list and read it.");
      case FORBIDDEN ->
          Finding.fault(
              Finding.Group.S3,
              subject,
              KEY_FILE,
              "Our key may list it, but not read %s: give its account the role storage.viewer on the bucket."
                  .formatted(object));
      case MISSING ->
          Finding.skipped(
              Finding.Group.S3, subject, "Our key may list it. What it showed is gone meanwhile.");
    };
  }

  private Finding writing(String subject, String bucket, String prefix) {
    return switch (s3.writing(bucket, prefix)) {
      case REFUSED -> Finding.ok(Finding.Group.S3, subject, "Our key may not write there.");
      case ALLOWED ->
          Finding.warning(
              Finding.Group.S3,
              subject,
              KEY_FILE,
              "Our key may write there, which Caravan never does: use one whose account may only list and read (storage.viewer).");
      case UNKNOWN ->
          Finding.skipped(
              Finding.Group.S3, subject, "S3 doesn't say whether our key may write there.");
    };
  }

  private List<Look> files(Pipeline pipeline, PipelineJob job, RunValues values) {
    BatchRequest request =
        job.request(values, IdempotencyKey.of(pipeline.name(), job.name(), values.date(), 1));
    Map<String, List<String>> files = new LinkedHashMap<>();
    files.put("file", List.of(request.file()));
    files.put("py-files", request.pyFiles());
    files.put("jars", request.jars());
    files.put("files", request.files());
    files.put("archives", request.archives());
    String subject = pipeline.name() + "/" + job.name();
    List<Look> looks = new ArrayList<>();
    files.forEach(
        (name, places) -> {
          String key = "pipelines/%s.yaml, jobs.%s.%s".formatted(pipeline.name(), job.name(), name);
          places.forEach(
              place ->
                  looks.add(
                      new Look(Finding.Group.JOBS, subject, key, () -> file(subject, key, place))));
        });
    return looks;
  }

  private List<Finding> file(String subject, String key, String file) {
    // What follows a # is the name that the executors see it under.
    String place = file.replaceFirst("#[^#/]*$", "");
    if (!place.matches("s3a?://.*")) {
      return List.of(
          Finding.skipped(Finding.Group.JOBS, subject, file + " can only be seen on the cluster."));
    }
    S3Location object = S3Location.of(place);
    return List.of(
        switch (s3.find(object)) {
          case THERE -> Finding.ok(Finding.Group.JOBS, subject, file + " is there.");
          case MISSING ->
              Finding.fault(
                  Finding.Group.JOBS,
                  subject,
                  key,
                  "%s doesn't exist: upload it, or correct the path.".formatted(file));
          case FORBIDDEN ->
              Finding.skipped(
                  Finding.Group.JOBS,
                  subject,
                  "Our key may not see %s; the cluster's account must.".formatted(file));
        });
  }
}
