package dev.caravan.processors;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * What the exchange of a run carries from step to step, as exchange properties; the routes read the
 * names that are public here.
 */
public final class Scope {
  /** The claimed {@link Run}. */
  public static final String RUN = "run";

  /** The logical date asked for, ISO-8601. */
  public static final String LOGICAL_DATE = "logicalDate";

  /** Whether a date that has succeeded already is to be run again. */
  public static final String AGAIN = "again";

  /** Whether nothing is left to wait for at the claim, be the run claimed or not. */
  public static final String CLAIM_SETTLED = "claimSettled";

  /** Whether to wait for a run that has the date or the cluster; absent: yes. */
  public static final String CLAIM_PATIENTLY = "claimPatiently";

  /** Whether jobs of the claimed run are left to do; else only its end is. */
  public static final String RUN_PENDING = "runPending";

  /** Whether the cluster is running and alive, and its endpoint healthy. */
  public static final String CLUSTER_READY = "clusterReady";

  /** Whether nothing is left to stop. */
  public static final String CLUSTER_STOPPED = "clusterStopped";

  /** Whether every job of the run has been done. */
  public static final String JOBS_DONE = "jobsDone";

  /** The job at hand; absent before the first and after the last. */
  public static final String JOB = "job";

  /** The number of the attempt of the job at hand. */
  public static final String JOB_ATTEMPT = "jobAttempt";

  /** Whether the job at hand is still to be brought to an end, by a first or a further attempt. */
  public static final String JOB_OPEN = "jobOpen";

  /** Whether the job's batch has succeeded, now or earlier. */
  public static final String JOB_FINISHED = "jobFinished";

  /** Whether the job's output was verified earlier: nothing is left to do. */
  public static final String JOB_VERIFIED = "jobVerified";

  /** Bucket and prefix of the job's output. */
  public static final String OUTPUT_BUCKET = "outputBucket";

  public static final String OUTPUT_PREFIX = "outputPrefix";

  /** What failed the run; absent after a success. */
  public static final String RUN_FAILURE = "runFailure";

  /** The wait for a start: when it was asked for. */
  static final String START = "start";

  private static final String ENDPOINT = "endpoint";
  private static final String PAUSE = "pause";
  private static final String STOP_ACCEPTED = "stopAccepted";
  private static final String OURS = "clusterOurs";
  private static final String START_SETTLED = "startSettled";
  private static final String STEP = "step";
  private static final String OUTCOME = "outcome";
  private static final String LEFT_ALONE = "leftAlone";

  private Scope() {}

  static Run run(Exchange exchange) {
    return findRun(exchange)
        .orElseThrow(
            () ->
                new FatalException(
                    "No run is claimed: the route must call claimRun before this step."));
  }

  static Optional<Run> findRun(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(RUN, Run.class));
  }

  /** Writes the step that the run is at, once; a poll that repeats it costs nothing. */
  static void step(Exchange exchange, Journal journal, RunStep step, String subject) {
    String now = step + " " + subject;
    if (!now.equals(exchange.getProperty(STEP, String.class))) {
      journal.runs().step(run(exchange), step, subject);
      exchange.setProperty(STEP, now);
    }
  }

  /** How the run is to end, once that is decided. */
  static Optional<RunState> outcome(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(OUTCOME, RunState.class));
  }

  static void outcome(Exchange exchange, RunState outcome) {
    exchange.setProperty(OUTCOME, outcome);
  }

  /** Whether batches, cluster and record are left as they are, for another process to go on. */
  static boolean isLeftAlone(Exchange exchange) {
    return exchange.getProperty(LEFT_ALONE, false, Boolean.class);
  }

  static void leaveAlone(Exchange exchange) {
    exchange.setProperty(LEFT_ALONE, true);
  }

  /** The wait for a job: when the attempt of this key was meant to be submitted. */
  static String waitFor(JobRun attempt) {
    return "job " + attempt.batchKey();
  }

  static String job(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(JOB, String.class))
        .orElseThrow(
            () ->
                new FatalException(
                    "No job is named: the route must set the property 'job' before this step."));
  }

  static URI endpoint(Exchange exchange) {
    return findEndpoint(exchange)
        .orElseThrow(
            () ->
                new FatalException(
                    "No endpoint is known: the route must await the cluster before this step."));
  }

  static Optional<URI> findEndpoint(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(ENDPOINT, URI.class));
  }

  static void endpoint(Exchange exchange, URI endpoint) {
    exchange.setProperty(ENDPOINT, endpoint);
  }

  /**
   * Whether this process has seen to the cluster's start; a process that takes a run up looks anew.
   */
  static boolean isStartSettled(Exchange exchange) {
    return exchange.getProperty(START_SETTLED, false, Boolean.class);
  }

  static void startSettled(Exchange exchange, boolean settled) {
    exchange.setProperty(START_SETTLED, settled);
  }

  /** Whether the cluster is ours to stop, as far as this process knows. */
  static Optional<Boolean> isOurs(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(OURS, Boolean.class));
  }

  static void ours(Exchange exchange, boolean ours) {
    exchange.setProperty(OURS, ours);
  }

  /** Whether the cloud took our stop of the cluster. */
  static boolean isStopAccepted(Exchange exchange) {
    return exchange.getProperty(STOP_ACCEPTED, false, Boolean.class);
  }

  static void stopAccepted(Exchange exchange) {
    exchange.setProperty(STOP_ACCEPTED, true);
  }

  static void pause(Exchange exchange, Duration pause) {
    exchange.setProperty(PAUSE, pause);
  }

  static Duration pause(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(PAUSE, Duration.class)).orElse(Duration.ZERO);
  }

  /** Whether the thing of this name has not been waited for in this exchange yet. */
  static boolean isFirst(Exchange exchange, String name) {
    return exchange.getProperty("since." + name) == null;
  }

  /** The waits of these names begin anew with the next look. */
  static void forgetWaits(Exchange exchange, String... names) {
    for (String name : names) {
      exchange.removeProperty("since." + name);
    }
  }

  /**
   * When the wait of this name began in this exchange, as a time of {@link ElapsedClock#elapsed}.
   *
   * @param begin counts on the first call: now, or, for what began before, {@link
   *     ElapsedClock#elapsedAt}; from then on no date counts
   */
  static Duration since(Exchange exchange, String name, Duration begin) {
    String key = "since." + name;
    Duration since = exchange.getProperty(key, Duration.class);
    if (since == null) {
      exchange.setProperty(key, begin);
      return begin;
    }
    return since;
  }
}
