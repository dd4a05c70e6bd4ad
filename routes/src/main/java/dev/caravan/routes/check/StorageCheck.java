package dev.caravan.routes.check;

import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Probe;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What our key may do in S3, and whether the jobs' files that lie there are there. Caravan needs to
 * list and read where the outputs and the logs are; only jobs and endpoint write.
 */
record StorageCheck(S3Probe s3, Clock clock) {
  private static final String ENDPOINT = "caravan.s3.endpoint";
  private static final String KEY_FILE = "caravan.s3.credentials-file";

  /** One look at each bucket that has an output, and one at each file of a job that lies in S3. */
  List<Look> looks(List<CheckedJob> jobs) {
    Map<String, String> buckets = new TreeMap<>();
    List<Look> looks = new ArrayList<>();
    for (CheckedJob job : jobs) {
      for (S3Location place : job.outputs()) {
        buckets.putIfAbsent(place.bucket(), parent(place.key()));
      }
      job.filesInS3()
          .forEach(named -> looks.add(look(job, job.key("." + named.key()), named.file())));
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

  private Look look(CheckedJob job, String key, String file) {
    return new Look(
        Finding.Group.JOBS, job.subject(), key, () -> List.of(file(job.subject(), key, file)));
  }

  private Finding file(String subject, String key, String file) {
    // What follows a # is the name that the executors see it under.
    S3Location object = S3Location.of(file.replaceFirst("#[^#/]*$", ""));
    return switch (s3.find(object)) {
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
    };
  }
}
