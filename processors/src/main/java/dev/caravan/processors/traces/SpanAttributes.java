package dev.caravan.processors.traces;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.schedule.Cause;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What spans tell of their subjects, beside times. */
final class SpanAttributes {
  private SpanAttributes() {}

  /**
   * Of a session.
   *
   * @param cluster its name in the settings
   */
  static Map<String, Object> of(SessionRecord record, String cluster) {
    ClusterSession session = record.session();
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("caravan.session.id", session.id());
    attributes.put("caravan.session.state", session.state().name());
    attributes.put("caravan.session.ours", session.ours());
    attributes.put("caravan.cluster.name", cluster);
    attributes.put("caravan.cluster.id", session.clusterId());
    attributes.put("caravan.runs", (long) record.runs().size());
    attributes.put(
        "caravan.cause",
        record.runs().stream()
            .flatMap(run -> run.cause().stream())
            .map(Cause::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(",")));
    return attributes;
  }

  static Map<String, Object> of(Run run) {
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("caravan.run.id", run.id());
    attributes.put("caravan.run.state", run.state().name());
    attributes.put("caravan.pipeline", run.pipeline());
    attributes.put("caravan.logical_date", run.logicalDate().toString());
    attributes.put("caravan.attempt", (long) run.attempt());
    run.cause().ifPresent(cause -> attributes.put("caravan.cause", cause.name()));
    run.dueAt().ifPresent(due -> attributes.put("caravan.due_at", due.toString()));
    run.askedBy().ifPresent(who -> attributes.put("caravan.asked_by", who));
    run.backfillId().ifPresent(id -> attributes.put("caravan.backfill.id", id));
    return attributes;
  }

  /**
   * Of an attempt of a job.
   *
   * @param found what was found of the outputs of its run
   */
  static Map<String, Object> of(JobRun attempt, List<JobOutput> found) {
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("caravan.run.id", attempt.runId());
    attributes.put("caravan.job", attempt.job());
    attributes.put("caravan.job.attempt", (long) attempt.attempt());
    attributes.put("caravan.job.state", attempt.state().name());
    attributes.put("caravan.batch.key", attempt.batchKey());
    attempt.batchId().ifPresent(id -> attributes.put("caravan.batch.id", (long) id));
    attempt.applicationId().ifPresent(id -> attributes.put("caravan.application.id", id));
    attempt.logAddress().ifPresent(at -> attributes.put("caravan.log", at));
    if (attempt.isShared()) {
      attributes.put("caravan.batch.dates", (long) attempt.dates());
    }
    List<JobOutput> own =
        found.stream()
            .filter(output -> output.job().equals(attempt.job()))
            .filter(output -> output.attempt() == attempt.attempt())
            .toList();
    if (attempt.state() == JobState.VERIFIED && !own.isEmpty()) {
      attributes.put(
          "caravan.output.rows",
          own.stream().flatMap(each -> each.rowCount().stream()).mapToLong(each -> each).sum());
      attributes.put("caravan.output.bytes", own.stream().mapToLong(JobOutput::bytes).sum());
    }
    return attributes;
  }
}
