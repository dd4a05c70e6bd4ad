package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Run;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
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
  private boolean startAsked;
  private boolean stopsItself;
  private boolean clusterReady;
  private boolean restarted;
  private boolean stopAccepted;
  private boolean clusterStopped;
  private boolean leftAlone;
  private Duration pause = Duration.ZERO;
  private Duration leaseDue = Duration.ZERO;
  private Optional<Boolean> ours = Optional.empty();
  private Optional<ConfiguredCluster> cluster = Optional.empty();
  private Optional<String> pipeline = Optional.empty();
  private List<LocalDate> datesLeft = List.of();
  private boolean again;
  private boolean ofQueue;
  private boolean runDue;
  private boolean waitsForOthers = true;
  private Optional<Throwable> loss = Optional.empty();
  private Optional<Run> latestRun = Optional.empty();
  private Optional<URI> endpoint = Optional.empty();
  private Optional<Duration> leaseRenewed = Optional.empty();
  private Optional<String> trace = Optional.empty();

  /** Whether a run that was asked for is left to be begun; none is once the cluster is lost. */
  public boolean runsLeft() {
    return (ofQueue ? runDue : !datesLeft.isEmpty()) && loss.isEmpty() && !leftAlone;
  }

  /** Whether the cluster is RUNNING and ALIVE and its endpoint ready. */
  public boolean clusterReady() {
    return clusterReady;
  }

  /** Whether nothing is left to stop. */
  public boolean clusterStopped() {
    return clusterStopped;
  }

  /**
   * Asks for the runs of these dates, one after the other.
   *
   * @param name the pipeline
   * @param repeat whether dates that have succeeded already are run again
   */
  public void request(String name, List<LocalDate> dates, boolean repeat) {
    pipeline = Optional.of(name);
    datesLeft = List.copyOf(dates);
    again = repeat;
  }

  /**
   * The session takes the runs that are due on this cluster from the queue, while there are any.
   */
  public void serveQueue(ConfiguredCluster of) {
    use(of);
    ofQueue = true;
    runDue = true;
  }

  boolean isOfQueue() {
    return ofQueue;
  }

  /** Whether the queue has a run that may begin on the cluster now. */
  void setRunDue(boolean due) {
    runDue = due;
  }

  /** A date or cluster that another run holds is given up at once, not waited for. */
  public void waitForNobody() {
    waitsForOthers = false;
  }

  boolean isWaitingForOthers() {
    return waitsForOthers;
  }

  /** The pipeline whose dates were asked for. */
  String pipeline() {
    return pipeline.orElseThrow(
        () -> new FatalException("No pipeline: the route must call chooseDate before this step."));
  }

  /** From here on the session is about this cluster. */
  void use(ConfiguredCluster used) {
    cluster = Optional.of(used);
  }

  Optional<ConfiguredCluster> findCluster() {
    return cluster;
  }

  ConfiguredCluster cluster() {
    return cluster.orElseThrow(
        () ->
            new FatalException(
                "No cluster is known: the route must call claimRun before this step."));
  }

  boolean isAgain() {
    return again;
  }

  List<LocalDate> datesLeft() {
    return datesLeft;
  }

  /**
   * The next run's turn has come: it looks at the cluster anew, with deadlines of its own.
   *
   * @return its date; empty if the queue will tell
   */
  Optional<LocalDate> beginRun() {
    clusterReady = false;
    waits.forget(Wait.CLUSTER, Wait.START, Wait.ALIVE, Wait.ENDPOINT, Wait.STATUS_AFTER_START);
    return ofQueue ? Optional.empty() : Optional.of(takeDate());
  }

  private LocalDate takeDate() {
    if (datesLeft.isEmpty()) {
      throw new FatalException("No run is left: the route must call chooseDate before nextRun.");
    }
    LocalDate next = datesLeft.get(0);
    datesLeft = datesLeft.subList(1, datesLeft.size());
    return next;
  }

  /** The cluster can't be used: no further run of this session begins. */
  void lose(Throwable cause) {
    loss = loss.or(() -> Optional.of(cause));
  }

  Optional<Throwable> loss() {
    return loss;
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

  /**
   * The run that the session had last, or that it was left by; its journal is kept in that run's
   * name. Empty if the session claimed no cluster.
   */
  Optional<Run> latestRun() {
    return latestRun;
  }

  /** The session goes on with this run, or sees to the stop that this run's session owes. */
  void adopt(Run run) {
    latestRun = Optional.of(run);
  }

  /** The id of the session's trace; empty until the journal has the session. */
  Optional<String> traceId() {
    return trace;
  }

  /** The journal has the session, or another one of the same run. */
  void nameTrace(Optional<String> id) {
    trace = id;
    Step.logTrace(id);
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

  /** Whether this process itself asked the cloud for the start of the cluster. */
  boolean isStartAsked() {
    return startAsked;
  }

  void askedForStart() {
    startAsked = true;
  }

  /** Whether the endpoint has said that it stops the cluster, since nobody renewed the lease. */
  boolean isStoppingItself() {
    return stopsItself;
  }

  void setStoppingItself(boolean said) {
    stopsItself = said;
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
    stopsItself = false;
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
