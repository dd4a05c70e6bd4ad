package dev.caravan.processors.steps;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;

/**
 * What the exchange of a run carries from step to step, under one property. The public methods
 * without parameters that return something are the questions that a route may ask, as in {@code
 * ${exchangeProperty.run.jobsLeft}}; the start of Caravan refuses a route that asks any other. What
 * concerns the cluster rather than this run is in {@link #session}.
 *
 * <p>Held in memory only: a process that takes a run up begins with a new one. For one thread at a
 * time, like the exchange that carries it; copies of the exchange share it, so that a route must
 * not give it to parallel branches.
 */
public final class RunContext {
  /** The one exchange property. */
  public static final String PROPERTY = "run";

  private final SessionContext session;

  private Optional<Pipeline> definition = Optional.empty();
  private Optional<LocalDate> logicalDate = Optional.empty();

  private boolean claimPending = true;
  private Optional<Duration> claimSince = Optional.empty();
  private Optional<String> awaitedRun = Optional.empty();
  private Optional<Run> run = Optional.empty();
  private Optional<RunStep> step = Optional.empty();

  private final Waits<String> attempts = new Waits<>();

  /** The jobs that have begun, by name, in the order in which they did. */
  private final Map<String, JobWork> jobs = new LinkedHashMap<>();

  private final Map<String, Throwable> jobFailures = new LinkedHashMap<>();
  private Optional<String> job = Optional.empty();
  private Optional<S3Location> output = Optional.empty();
  private boolean allJobsDone;

  private Optional<FailedAt> failedAt = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();
  private Optional<RunState> outcome = Optional.empty();

  private RunContext(SessionContext session) {
    this.session = session;
  }

  /** The context of this exchange; a new one if it has none yet. */
  public static RunContext of(Exchange exchange) {
    RunContext known = exchange.getProperty(PROPERTY, RunContext.class);
    if (known != null) {
      return known;
    }
    RunContext begun = new RunContext(new SessionContext());
    exchange.setProperty(PROPERTY, begun);
    return begun;
  }

  /** The part that is about the cluster. */
  public SessionContext session() {
    return session;
  }

  /** The date that was asked for, or is claimed, as YYYY-MM-DD; empty if there is none yet. */
  public String logicalDate() {
    return logicalDate.map(LocalDate::toString).orElse("");
  }

  /** Whether date or cluster are held by another run, and are to be claimed once more. */
  public boolean claimPending() {
    return claimPending;
  }

  /** The id of the claimed run, pipeline/date/attempt; empty before the claim. */
  public String id() {
    return run.map(Run::id).orElse("");
  }

  /** The pipeline of the claimed run; empty before the claim. */
  public String pipeline() {
    return run.map(Run::pipeline).orElse("");
  }

  /** The number of this attempt at the date, from 1; 0 before the claim. */
  public int attempt() {
    return run.map(Run::attempt).orElse(0);
  }

  /** Whether jobs of the claimed run are left to do; false if the run is decided already. */
  public boolean jobsLeft() {
    return run.isPresent() && !allJobsDone && failure.isEmpty();
  }

  /** The name of the job at hand; empty if there is nothing to do for any job at the moment. */
  public String job() {
    return job.orElse("");
  }

  /** The number of the attempt of the job at hand, from 1. */
  public int jobAttempt() {
    return findWork().map(JobWork::attempt).orElse(1);
  }

  /** Whether the job at hand is to be submitted. */
  public boolean submissionPending() {
    return isAtHand(JobWork.Progress.TO_SUBMIT);
  }

  /** Whether an attempt of the job at hand is submitted and hasn't been seen to end. */
  public boolean jobRunning() {
    return isAtHand(JobWork.Progress.SUBMITTED);
  }

  /** Whether the job at hand has succeeded and its output is still to be checked. */
  public boolean verificationPending() {
    return isAtHand(JobWork.Progress.TO_VERIFY);
  }

  private boolean isAtHand(JobWork.Progress progress) {
    return findWork().filter(work -> work.is(progress)).isPresent();
  }

  /** Whether an output of the job at hand is expected, at bucket and prefix. */
  public boolean outputExpected() {
    return output.isPresent();
  }

  /** The bucket of the expected output; empty if none is expected. */
  public String outputBucket() {
    return output.map(S3Location::bucket).orElse("");
  }

  /** The prefix of the expected output in its bucket; empty if none is expected. */
  public String outputPrefix() {
    return output.map(S3Location::key).orElse("");
  }

  /** What failed the run, in a sentence; empty if nothing has. */
  public String failure() {
    return failure
        .map(cause -> Optional.ofNullable(cause.getMessage()).orElse(cause.toString()))
        .orElse("");
  }

  /** Asks for a run of this date. */
  void request(LocalDate date) {
    logicalDate = Optional.of(date);
  }

  /** The pipeline as it is for this run. */
  public void define(Pipeline pipeline) {
    definition = Optional.of(pipeline);
  }

  Pipeline definition() {
    return definition.orElseThrow(
        () ->
            new FatalException(
                "No pipeline is known: the route must call claimRun before this step."));
  }

  /** What the outputs of the job at hand have to be, in the order of the definition. */
  List<OutputContract> contracts() {
    return jobDefinition().contracts(values(), claimedRun().logicalDate());
  }

  /** What the placeholders of the job at hand stand for. */
  RunValues values() {
    return work().values().orElseGet(() -> RunValues.of(claimedRun(), jobAttempt()));
  }

  /** The definition of the job at hand. */
  PipelineJob jobDefinition() {
    return definition().job(jobAtHand());
  }

  /** The session goes on with its next run, of which nothing is known but the date, if that. */
  static RunContext next(Exchange exchange) {
    SessionContext session = of(exchange).session();
    RunContext next = new RunContext(session);
    session.beginRun().ifPresent(next::request);
    exchange.setProperty(PROPERTY, next);
    return next;
  }

  /** The run is claimed; one that was decided before has only its end left. */
  public void claimed(Run taken) {
    run = Optional.of(taken);
    logicalDate = Optional.of(taken.logicalDate());
    claimPending = false;
    session.adopt(taken);
    taken.outcome().ifPresent(decided -> resumeTheEnd(decided, taken.failure()));
  }

  private void resumeTheEnd(RunState decided, Optional<String> sentence) {
    String text = sentence.orElse("no cause is known");
    switch (decided) {
      case SUCCEEDED -> allJobsDone = true;
      case INTERRUPTED -> failure = Optional.of(new CancellationException(text));
      case CANCELLED -> failure = Optional.of(new RunCancelledException(text));
      case FAILED, RUNNING, QUEUED, SKIPPED -> failure = Optional.of(new FatalException(text));
    }
  }

  /**
   * Ends the run's work if its end was asked for.
   *
   * @throws RunCancelledException with who asked for it, and why
   */
  void endIfCancelled(Journal journal) {
    journal
        .runs()
        .find(claimedRun().id())
        .flatMap(Run::cancelRequest)
        .ifPresent(
            request -> {
              throw new RunCancelledException(request);
            });
  }

  /** There is nothing to claim: no run is made of this exchange. */
  public void claimedNothing() {
    claimPending = false;
  }

  /** The jobs that have begun in this process, by name. */
  Map<String, JobWork> jobs() {
    return Collections.unmodifiableMap(jobs);
  }

  /** This job may be submitted from now on, and is at hand. */
  public void beginJob(String name) {
    jobs.put(name, new JobWork());
    job = Optional.of(name);
  }

  /** There is something to do for this job, which has begun. */
  void takeInHand(String name) {
    job = Optional.of(name);
  }

  /** There is nothing to do for any job at the moment. */
  void takeNothingInHand() {
    job = Optional.empty();
  }

  /** This job isn't run, since one that it needs has failed. */
  void skipJob(String name) {
    beginJob(name);
    work().come(JobWork.Progress.NOT_RUN, 1);
  }

  /** The job at hand has failed for good; those that don't need it go on. */
  void failJob(Throwable cause) {
    jobFailures.putIfAbsent(jobAtHand(), cause);
    work().come(JobWork.Progress.FAILED, jobAttempt());
  }

  /**
   * @param step where in the routes it was thrown, in words
   */
  private record FailedAt(Throwable cause, String step) {}

  /** Something was thrown at a step; what encloses the step doesn't count. */
  void noteFailure(Throwable cause, String step) {
    if (failedAt(cause).isEmpty()) {
      failedAt = Optional.of(new FailedAt(cause, step));
    }
  }

  /** The step at which this was thrown, in words. */
  Optional<String> failedAt(Throwable cause) {
    return failedAt.filter(noted -> noted.cause() == cause).map(FailedAt::step);
  }

  /** Why jobs have failed, by their names, in the order in which they did. */
  Map<String, Throwable> jobFailures() {
    return Collections.unmodifiableMap(jobFailures);
  }

  /** No job is left, and each has succeeded. */
  public void finishJobs() {
    job = Optional.empty();
    allJobsDone = true;
  }

  /** What is known of the job at hand. */
  JobWork work() {
    return Optional.ofNullable(jobs.get(jobAtHand())).orElseThrow();
  }

  private Optional<JobWork> findWork() {
    return job.map(jobs::get);
  }

  /** This attempt of the job at hand is submitted, or about to be. */
  public void jobSubmitted(int attempt) {
    work().come(JobWork.Progress.SUBMITTED, attempt);
  }

  /** The batch of this attempt has succeeded, now or earlier. */
  public void jobSucceeded(int attempt) {
    work().come(JobWork.Progress.TO_VERIFY, attempt);
  }

  /** The attempt of the job at hand failed, and another is to begin, once it is due. */
  void retryJob() {
    work().come(JobWork.Progress.TO_SUBMIT, jobAttempt());
  }

  /** The output of this attempt was checked, now or earlier; nothing is left to do for the job. */
  public void jobVerified(int attempt) {
    work().come(JobWork.Progress.VERIFIED, attempt);
  }

  /** Where the next output of the job at hand is expected, if one is left. */
  public void expectOutput(Optional<S3Location> location) {
    output = location;
  }

  /** The run has failed; its first failure is kept. */
  void fail(Throwable cause) {
    failure = failure.or(() -> Optional.of(cause));
  }

  /** What looked like a success is none. */
  void revokeSuccess(Throwable cause) {
    allJobsDone = false;
    failure = Optional.of(cause);
  }

  /** How the run is to end, once that is decided. */
  Optional<RunState> outcome() {
    return outcome;
  }

  void decide(RunState decided) {
    outcome = Optional.of(decided);
  }

  Optional<Throwable> cause() {
    return failure;
  }

  boolean isAllJobsDone() {
    return allJobsDone;
  }

  Optional<LocalDate> requestedDate() {
    return logicalDate;
  }

  /** The run of another orchestrator that the claim waits for. */
  Optional<String> awaitedRun() {
    return awaitedRun;
  }

  /** The run of this id has date or cluster: the claim is to be tried again. */
  public void awaitClaim(String holder) {
    awaitedRun = Optional.of(holder);
    claimPending = true;
  }

  /** When the claim began to wait for another run; empty as long as it didn't have to. */
  Optional<Duration> claimSince() {
    return claimSince;
  }

  void beginClaimWait(Duration now) {
    claimSince = Optional.of(now);
  }

  Optional<Run> findRun() {
    return run;
  }

  Run claimedRun() {
    return run.orElseThrow(
        () ->
            new FatalException(
                "No run is claimed: the route must call claimRun before this step."));
  }

  String jobAtHand() {
    return job.orElseThrow(
        () ->
            new FatalException("No job is at hand: the route must call nextJob before this step."));
  }

  /** Writes the step that the job at hand is at, once; a poll that repeats it costs nothing. */
  void enterJob(Journal journal, RunStep next) {
    if (work().enter(next)) {
      journal.runs().step(claimedRun(), next, jobAtHand());
    }
  }

  /** Writes the step that the run is at; otherwise like {@link #enterJob}. */
  void enter(Journal journal, RunStep next) {
    if (step.filter(next::equals).isEmpty()) {
      journal.runs().step(claimedRun(), next, "");
      step = Optional.of(next);
    }
  }

  /**
   * When this attempt was meant to be submitted.
   *
   * @param begin as for {@link Waits#since}
   */
  Duration attemptSince(JobRun attempt, Duration begin) {
    return attempts.since(attempt.batchKey(), begin);
  }

  @Override
  public String toString() {
    return run.map(Run::id).orElse("no run");
  }
}
