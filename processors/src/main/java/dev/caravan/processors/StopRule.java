package dev.caravan.processors;

import dev.caravan.shared.cloud.ClusterStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides the next action for a cluster that must be stopped. A pure function of what a status
 * check saw. All stoppers of this process use it: the end of a session, the reconciler, and the
 * last resort of a shutdown. The fourth stopper, the lease, runs on the cluster itself and has
 * other information; the endpoint has its own rule.
 *
 * <ul>
 *   <li>STOPPED is believed unless our start may still bring the cluster up: the status lags behind
 *       a start by up to {@link #LAG};
 *   <li>a stop that is under way is waited for;
 *   <li>a cluster that runs, or may run, is left to the others who work on it;
 *   <li>anything else is asked to stop. A cluster that comes up runs no work yet, and one that took
 *       our stop is lost to others already.
 * </ul>
 */
public final class StopRule {
  /** Within this a start has shown in the cluster's status. */
  static final Duration LAG = Duration.ofSeconds(60);

  private StopRule() {}

  /** How far our start of a cluster has come. */
  public enum Phase {
    /** It was meant to be asked; the answer, if there was one, is not known. */
    ASKED,
    /** The cloud took it and is at it. */
    UNDER_WAY,
    /** The cloud says that it is done; the status may not show it yet. */
    DONE,
    /** The cloud says that it has failed. */
    FAILED,
    /** The cluster was seen running. */
    SEEN
  }

  /**
   * Our start of a cluster.
   *
   * @param since how long ago it was asked, or found to be at the cloud
   */
  public record Start(Phase phase, Duration since) {
    /** Whether a cluster that shows STOPPED may come up all the same. */
    boolean mayStillShow() {
      return switch (phase) {
        case UNDER_WAY -> true;
        case ASKED, DONE -> since.compareTo(LAG) < 0;
        case FAILED, SEEN -> false;
      };
    }
  }

  /**
   * What a look saw.
   *
   * @param status UNKNOWN if it could not be learnt
   * @param stopAccepted whether the cloud took our stop since
   * @param start asked for only if it matters
   * @param othersWork what others run there, in words; asked for only if it matters
   */
  public record Look(
      ClusterStatus status,
      boolean stopAccepted,
      Supplier<Start> start,
      Supplier<Optional<String>> othersWork) {}

  /** What follows. */
  public enum Action {
    /** Nothing is left to do: the cluster is stopped. */
    SETTLE,
    /** Look again. */
    WAIT,
    /** Ask the cloud for the stop. */
    STOP,
    /** Leave it running, and say so. */
    LEAVE
  }

  /**
   * What follows, and why.
   *
   * @param why for whom a cluster is left, in words; else empty text
   */
  public record Verdict(Action action, String why) {
    private static Verdict of(Action action) {
      return new Verdict(action, "");
    }
  }

  /** What follows from a look at a cluster whose stop is owed. */
  public static Verdict decide(Look look) {
    return switch (look.status()) {
      case STOPPED ->
          Verdict.of(
              !look.stopAccepted() && look.start().get().mayStillShow()
                  ? Action.WAIT
                  : Action.SETTLE);
      case STOPPING -> Verdict.of(Action.WAIT);
      case STARTING, CREATING -> Verdict.of(Action.STOP);
      case RUNNING, ERROR, UNKNOWN -> stopUnlessOthersWork(look);
    };
  }

  private static Verdict stopUnlessOthersWork(Look look) {
    Optional<String> others = look.stopAccepted() ? Optional.empty() : look.othersWork().get();
    return others.map(why -> new Verdict(Action.LEAVE, why)).orElse(Verdict.of(Action.STOP));
  }
}
