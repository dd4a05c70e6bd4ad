package dev.caravan.processors.steps;

import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What an exchange knows of the time for which a cluster is used: from its start to its stop.
 * Stopping is decided by this part alone, never by the outcome of a run. The public methods without
 * parameters that return something are the questions that a route may ask: {@code
 * ${exchangeProperty.run.session.clusterReady}}.
 *
 * <p>Held in memory only: a process that takes a run up begins with a new one and looks at the
 * world. For one thread at a time, like the exchange that carries it.
 */
public final class SessionContext {

  /** What the steps around the cluster wait for. */
  enum Wait {
    /** A cluster that is ready, since the first look of this process. */
    CLUSTER,
    /** The end of a start, since it was asked for, by whichever process. */
    START,
    /** A RUNNING cluster whose health is ALIVE. */
    ALIVE,
    ENDPOINT,
    /** A status that may be behind a start that the cloud calls done. */
    STATUS_AFTER_START,
    STOP,
    /** A STOPPED cluster that a start may still bring up. */
    STATUS_BEFORE_STOP
  }

  private final Waits<Wait> waits = new Waits<>();
  private boolean startSettled;
  private boolean clusterReady;
  private boolean restarted;
  private boolean stopAccepted;
  private boolean clusterStopped;
  private boolean leftAlone;
  private Duration pause = Duration.ZERO;
  private Duration leaseDue = Duration.ZERO;
  private Optional<Boolean> ours = Optional.empty();
  private Optional<URI> endpoint = Optional.empty();
  private Optional<Duration> leaseRenewed = Optional.empty();

  /** Whether the cluster is RUNNING and ALIVE and its endpoint ready. */
  public boolean clusterReady() {
    return clusterReady;
  }

  /** Whether nothing is left to stop. */
  public boolean clusterStopped() {
    return clusterStopped;
  }

  /** The cluster is to be looked at again before it counts as ready. */
  public void markNotReady() {
    clusterReady = false;
  }

  /** The cluster can take jobs, at this endpoint. */
  public void markReady(URI at) {
    endpoint = Optional.of(at);
    clusterReady = true;
  }

  /** Something may be left to stop. */
  public void markNotStopped() {
    clusterStopped = false;
  }

  /** The cluster is stopped, or isn't to be stopped by this session. */
  public void markStopped() {
    clusterStopped = true;
  }

  Waits<Wait> waits() {
    return waits;
  }

  /**
   * Whether this process has seen to the cluster's start; a process that takes a run up looks anew.
   */
  boolean isStartSettled() {
    return startSettled;
  }

  void settleStart() {
    startSettled = true;
  }

  /**
   * The start is asked for once more, and gets its own deadlines, not what is left of the wait for
   * a cluster that is gone.
   *
   * @return false if that was done before
   */
  boolean restartOnce() {
    if (restarted) {
      return false;
    }
    restarted = true;
    startSettled = false;
    waits.forget(Wait.CLUSTER, Wait.START, Wait.ALIVE, Wait.ENDPOINT);
    return true;
  }

  /** Whether the cluster is ours to stop, as far as this process knows. */
  Optional<Boolean> isOurs() {
    return ours;
  }

  void setOurs(boolean known) {
    ours = Optional.of(known);
  }

  /** Whether the cloud accepted our stop of the cluster. */
  boolean isStopAccepted() {
    return stopAccepted;
  }

  void acceptStop() {
    stopAccepted = true;
  }

  /** Whether batches, cluster and record are left as they are, for another process to go on. */
  boolean isLeftAlone() {
    return leftAlone;
  }

  void leaveAlone() {
    leftAlone = true;
  }

  URI endpoint() {
    return endpoint.orElseThrow(
        () ->
            new FatalException(
                "No endpoint is known: the route must await the cluster before this step."));
  }

  Optional<URI> findEndpoint() {
    return endpoint;
  }

  /** How long the step {@code pause} waits when it is called next. */
  Duration pause() {
    return pause;
  }

  void pauseFor(Duration asked) {
    pause = asked;
  }

  /** When the lease is to be renewed next, as a time of {@link ElapsedClock#elapsed}. */
  Duration leaseDue() {
    return leaseDue;
  }

  void setLeaseDue(Duration due) {
    leaseDue = due;
  }

  /** When the lease was renewed last, or, before the first renewal, when that was first tried. */
  Duration leaseRenewed(Duration firstTry) {
    leaseRenewed = leaseRenewed.or(() -> Optional.of(firstTry));
    return leaseRenewed.get();
  }

  void renewedLease(Duration now) {
    leaseRenewed = Optional.of(now);
  }
}
