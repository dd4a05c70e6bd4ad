package dev.caravan.processors;

import dev.caravan.processors.journal.Run;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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

  /** Whether the cluster is running and alive, and its endpoint healthy. */
  public static final String CLUSTER_READY = "clusterReady";

  /** Whether nothing is left to stop. */
  public static final String CLUSTER_STOPPED = "clusterStopped";

  /** Whether every job of the run has been done. */
  public static final String JOBS_DONE = "jobsDone";

  /** The job at hand; absent before the first and after the last. */
  public static final String JOB = "job";

  /** Whether the job's batch has succeeded, now or earlier. */
  public static final String JOB_FINISHED = "jobFinished";

  /** Whether the job's output was verified earlier: nothing is left to do. */
  public static final String JOB_VERIFIED = "jobVerified";

  /** Bucket and prefix of the job's output. */
  public static final String OUTPUT_BUCKET = "outputBucket";

  public static final String OUTPUT_PREFIX = "outputPrefix";

  /** What failed the run; absent after a success. */
  public static final String RUN_FAILURE = "runFailure";

  private static final String ENDPOINT = "endpoint";
  private static final String PAUSE = "pause";
  private static final String STOP_ACCEPTED = "stopAccepted";
  private static final String OURS = "clusterOurs";
  private static final String START_SETTLED = "startSettled";

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

  /** When the thing of this name was first waited for in this exchange: now, on the first call. */
  static Instant since(Exchange exchange, String name, Instant now) {
    String key = "since." + name;
    Instant since = exchange.getProperty(key, Instant.class);
    if (since == null) {
      exchange.setProperty(key, now);
      return now;
    }
    return since;
  }
}
