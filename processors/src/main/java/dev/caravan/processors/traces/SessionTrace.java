package dev.caravan.processors.traces;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobStage;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.journal.StepRecord;
import dev.caravan.processors.journal.TraceId;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.processors.traces.SpanTree.Node;
import dev.caravan.shared.batches.SparkStage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A session that is over, as a trace: the session with the start and the stop of its cluster and
 * the cluster's statuses; in it its runs, from the time that they were due; in these their steps
 * and the attempts of their jobs with their Spark stages.
 */
public final class SessionTrace {
  private final SessionRecord record;
  private final Function<Run, List<JobOutput>> outputs;
  private final Function<Run, List<JobStage>> stages;
  private final SpanTree tree;
  private final Instant end;

  private SessionTrace(
      SessionRecord record,
      Function<Run, List<JobOutput>> outputs,
      Function<Run, List<JobStage>> stages) {
    this.record = record;
    this.outputs = outputs;
    this.stages = stages;
    this.tree = new SpanTree(TraceId.of(record));
    this.end = end(record);
  }

  /**
   * Its spans, each after the one that it is part of.
   *
   * @param cluster its name in the settings
   * @param outputs gives what was found of the outputs of a run
   * @param stages gives the Spark stages of the jobs of a run
   */
  public static List<TraceSpan> spans(
      SessionRecord record,
      String cluster,
      Function<Run, List<JobOutput>> outputs,
      Function<Run, List<JobStage>> stages) {
    SessionTrace trace = new SessionTrace(record, outputs, stages);
    Node root = trace.session(cluster);
    trace.cluster(root);
    record.runs().forEach(run -> trace.run(root, run));
    return trace.tree.spans();
  }

  /** Where the cluster was left running: when it was last looked at. */
  private static Instant end(SessionRecord record) {
    Instant opened = record.session().openedAt();
    return record
        .session()
        .stoppedAt()
        .or(
            () ->
                record.statuses().stream()
                    .flatMap(seen -> seen.until().stream())
                    .max(Comparator.naturalOrder()))
        .filter(at -> at.isAfter(opened))
        .orElse(opened);
  }

  private Node session(String cluster) {
    List<Run> failed = record.runs().stream().filter(SessionTrace::isFailure).toList();
    Optional<String> failure =
        failed.isEmpty()
            ? Optional.empty()
            : Optional.of(failed.size() + " of " + record.runs().size() + " runs did not succeed");
    return tree.root(
        "session", "session " + cluster, begin(), end, SpanAttributes.of(record, cluster), failure);
  }

  /** The schedule of the run that opened it, if that was the cause; or the claim of that run. */
  private Instant begin() {
    Instant opened = record.session().openedAt();
    return record.runs().stream().findFirst().filter(this::isBegunHere).stream()
        .flatMap(run -> Stream.concat(Stream.of(run.startedAt()), scheduled(run).stream()))
        .filter(at -> at.isBefore(opened))
        .min(Comparator.naturalOrder())
        .orElse(opened);
  }

  /** A run whose cluster was stopped by others goes on in a second session. */
  private boolean isBegunHere(Run run) {
    return record.attempts().stream()
        .filter(attempt -> attempt.runId().equals(run.id()))
        .noneMatch(attempt -> attempt.submittedAt().isBefore(record.session().openedAt()));
  }

  private static Optional<Instant> scheduled(Run run) {
    return run.cause().filter(Cause.SCHEDULE::equals).flatMap(cause -> run.dueAt());
  }

  private void cluster(Node root) {
    ClusterSession session = record.session();
    Optional<Node> start =
        session.ours() && session.runningSince().isPresent()
            ? tree.child(
                root,
                "start",
                "start cluster",
                session.openedAt(),
                session.runningSince().get(),
                session
                    .operationId()
                    .<Map<String, Object>>map(id -> Map.of("caravan.operation.id", id))
                    .orElse(Map.of()),
                Optional.empty())
            : Optional.empty();
    Optional<Node> stop =
        session
            .stopAskedAt()
            .flatMap(
                asked ->
                    tree.child(
                        root, "stop", "stop cluster", asked, end, Map.of(), Optional.empty()));
    int number = 0;
    for (ClusterStatusInterval seen : record.statuses()) {
      Instant until = seen.until().orElse(end);
      Node parent =
          stop.filter(node -> !seen.since().isBefore(node.from()))
              .or(() -> start.filter(node -> !until.isAfter(node.until())))
              .orElse(root);
      tree.child(
          parent,
          "status " + number++,
          "cluster " + seen.status(),
          seen.since(),
          until,
          Map.of("caravan.cluster.status", seen.status()),
          Optional.empty());
    }
  }

  private void run(Node root, Run run) {
    scheduled(run)
        .filter(due -> isBegunHere(run))
        .ifPresent(
            due ->
                tree.child(
                    root,
                    "queued " + run.id(),
                    "queued " + run.pipeline(),
                    due,
                    run.startedAt(),
                    Map.of("caravan.run.id", run.id()),
                    Optional.empty()));
    Optional<Node> node =
        tree.child(
            root,
            "run " + run.id(),
            "run " + run.pipeline(),
            run.startedAt(),
            run.endedAt().orElse(end),
            SpanAttributes.of(run),
            isFailure(run)
                ? run.failure().or(() -> Optional.of("it ended " + run.state()))
                : Optional.empty());
    node.ifPresent(parent -> jobs(parent, run));
    node.ifPresent(parent -> steps(parent, run));
  }

  private static boolean isFailure(Run run) {
    return run.state() == RunState.FAILED || run.state() == RunState.INTERRUPTED;
  }

  /** The wait for a job is the attempt itself. */
  private void steps(Node parent, Run run) {
    int number = 0;
    for (StepRecord step : record.steps()) {
      if (step.runId().equals(run.id()) && step.step() != RunStep.AWAIT_JOB) {
        tree.child(
            parent,
            "step " + run.id() + " " + number++,
            "step " + step.step(),
            step.begunAt(),
            step.endedAt().orElse(parent.until()),
            step.subject().isEmpty() ? Map.of() : Map.of("caravan.job", step.subject()),
            Optional.empty());
      }
    }
  }

  private void jobs(Node parent, Run run) {
    List<JobOutput> found = outputs.apply(run);
    List<JobStage> all = stages.apply(run);
    for (JobRun attempt : record.attempts()) {
      if (attempt.runId().equals(run.id())) {
        String key = "job " + run.id() + " " + attempt.job() + " " + attempt.attempt();
        tree.child(
                parent,
                key,
                "job " + attempt.job(),
                attempt.submittedAt(),
                attempt.endedAt().orElse(parent.until()),
                SpanAttributes.of(attempt, found),
                failure(attempt))
            .ifPresent(
                node ->
                    all.stream()
                        .filter(each -> each.job().equals(attempt.job()))
                        .filter(each -> each.attempt() == attempt.attempt())
                        .forEach(each -> stage(node, key, each.stage())));
      }
    }
  }

  /** By the clock of the cluster's master; what lies outside the attempt by ours is left out. */
  private void stage(Node parent, String job, SparkStage stage) {
    if (stage.submittedAt().isEmpty()) {
      return;
    }
    tree.child(
        parent,
        job + " stage " + stage.id() + " " + stage.attempt(),
        "stage " + stage.name(),
        stage.submittedAt().get(),
        stage.completedAt().orElse(parent.until()),
        Map.of(
            "spark.stage.id", (long) stage.id(),
            "spark.stage.attempt", (long) stage.attempt(),
            "spark.stage.tasks", (long) stage.tasks()),
        stage.failure());
  }

  private static Optional<String> failure(JobRun attempt) {
    boolean failed = attempt.state().isSpent();
    return failed
        ? attempt.failure().or(() -> Optional.of("it ended " + attempt.state()))
        : Optional.empty();
  }
}
