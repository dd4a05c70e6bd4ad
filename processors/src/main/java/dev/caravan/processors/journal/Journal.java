package dev.caravan.processors.journal;

import dev.caravan.processors.output.Counted;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.shared.ElapsedClock;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of what runs meant to do and did. Intent is written before a side effect, so that a
 * run can be continued by simply running it again. A run that was claimed is written to by its
 * claim's holder alone: everyone else gets a {@link RunLostException}. Safe for use by many
 * threads; every write is a transaction of its own.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int TEXT_LIMIT = 4000;

  /** Two that claim at once collide at the primary key; the second then sees the first. */
  private static final int MOST_COLLISIONS = 5;

  private final Database database;
  private final Claims claims;
  private final Clock clock;
  private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();

  private Journal(Database database, Claims claims, Clock clock) {
    this.database = database;
    this.claims = claims;
    this.clock = clock;
  }

  /**
   * Opens the journal and brings its schema up to date.
   *
   * @throws dev.caravan.shared.FatalException when the database can't be opened; an H2 file is open
   *     in one process at a time
   */
  public static Journal open(JournalConfig config, Clock clock) {
    Database database = Database.open(config);
    return new Journal(database, new Claims(config, database, ElapsedClock.of(clock)), clock);
  }

  /** Calls the listener for each event of any run, on the thread that wrote it. */
  public void onEvent(Consumer<RunEvent> listener) {
    listeners.add(listener);
  }

  // --- Runs ---

  /**
   * Claims a pipeline's logical date together with a cluster. An attempt that was never ended is
   * continued once its claim has lapsed; a failed date gets a new attempt. As long as another run
   * is open on the cluster, nothing else is begun there.
   *
   * @param afresh run a date that has succeeded once more, and redo jobs that are verified already
   */
  public Claim claim(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    Claim claim = untilNobodyInterferes(() -> tryClaim(pipeline, date, clusterId, afresh));
    if (claim instanceof Claim.Taken taken) {
      Run run = taken.run();
      event(
          run.id(),
          taken.continued() ? RunEvent.Kind.RUN_CONTINUED : RunEvent.Kind.RUN_CLAIMED,
          run.logicalDate().toString(),
          "attempt " + run.attempt());
    }
    return claim;
  }

  private static <T> T untilNobodyInterferes(Supplier<T> claiming) {
    for (int collision = 1; ; collision++) {
      try {
        return claiming.get();
      } catch (UnableToExecuteStatementException | RunLostException e) {
        if (collision == MOST_COLLISIONS) {
          throw e;
        }
        LOG.debug("Somebody else claimed at the same time; looking again", e);
      }
    }
  }

  private Claim tryClaim(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    List<String> resources =
        List.of(Claims.clusterOf(clusterId), Claims.dateOf(pipeline, date.toString()));
    String[] owner = new String[1];
    Claim claim =
        database.jdbi.inTransaction(
            handle -> {
              Optional<Claims.Row> other = claims.heldBy(handle, resources);
              Optional<Run> last = Runs.last(handle, pipeline, date);
              RunState state = last.map(Run::state).orElse(RunState.FAILED);
              if (state == RunState.SUCCEEDED && !afresh) {
                return new Claim.Done(last.orElseThrow());
              }
              if (other.isPresent()) {
                Run holder = Runs.find(handle, other.get().runId()).orElseThrow();
                return new Claim.Held(holder, other.get().owner(), other.get().lapsesAt());
              }
              Optional<Run> open =
                  Runs.openOn(handle, clusterId)
                      .filter(
                          run ->
                              !(run.pipeline().equals(pipeline) && run.logicalDate().equals(date)));
              if (open.isPresent()) {
                return new Claim.Held(open.get(), "", claims.now(handle));
              }
              boolean continued = state == RunState.RUNNING;
              Run run =
                  continued
                      ? last.orElseThrow()
                      : Runs.insert(
                          handle,
                          pipeline,
                          date,
                          last.map(Run::attempt).orElse(0) + 1,
                          clusterId,
                          afresh,
                          clock.instant());
              owner[0] = claims.take(handle, run.id(), resources);
              // Its holder can have ended it since it was read; from here on nobody else can.
              if (Runs.find(handle, run.id()).orElseThrow().state() != RunState.RUNNING) {
                throw new RunLostException(run.id());
              }
              return new Claim.Taken(run, continued);
            });
    if (claim instanceof Claim.Taken taken) {
      claims.hold(taken.run().id(), owner[0]);
    }
    return claim;
  }

  /**
   * Claims a cluster for a run that has ended and still owes its stop, so that no run begins there
   * meanwhile.
   *
   * @return false if a run holds the cluster or is open on it
   */
  public boolean claimStop(ClusterSession session) {
    List<String> resources = List.of(Claims.clusterOf(session.clusterId()));
    Optional<String> owner =
        untilNobodyInterferes(
            () ->
                database.jdbi.inTransaction(
                    handle ->
                        claims.heldBy(handle, resources).isPresent()
                                || Runs.openOn(handle, session.clusterId()).isPresent()
                            ? Optional.<String>empty()
                            : Optional.of(claims.take(handle, session.runId(), resources))));
    owner.ifPresent(name -> claims.hold(session.runId(), name));
    return owner.isPresent();
  }

  /** Ends what {@link #claimStop} began. */
  public void dropStopClaim(ClusterSession session) {
    claims.forget(session.runId());
    database.jdbi.useHandle(handle -> claims.drop(handle, session.runId()));
  }

  /**
   * Whether this process still drives the run. Where the journal can't be read, what was known last
   * counts, for as long as nobody can have taken the run over.
   */
  public boolean isHeld(Run run) {
    try {
      database.jdbi.useTransaction(handle -> claims.require(handle, run.id()));
      return true;
    } catch (RunLostException e) {
      return false;
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read: {}", e.getMessage());
      return claims.mayAct(run.id());
    }
  }

  /** Whether this process drives any run now, as far as it knows without asking. */
  public boolean isHolding() {
    return claims.isHolding();
  }

  /**
   * Lets the claim lapse in its time: this process could not bring the run to its end, and another,
   * or itself, is to take it up.
   */
  public void stopRenewing(Run run) {
    claims.stopRenewing(run.id());
  }

  /** Leaves an open run to the next process, which may take it up at once. */
  public void letGo(Run run) {
    database.jdbi.useHandle(handle -> claims.letGo(handle, run.id()));
  }

  /** The latest attempt of a pipeline's logical date. */
  public Optional<Run> lastRun(String pipeline, LocalDate date) {
    return database.jdbi.withHandle(handle -> Runs.last(handle, pipeline, date));
  }

  /** An attempt of a pipeline's logical date. */
  public Optional<Run> run(String pipeline, LocalDate date, int attempt) {
    return database.jdbi.withHandle(handle -> Runs.attempt(handle, pipeline, date, attempt));
  }

  /** The run as it is now. */
  public Optional<Run> run(String id) {
    return database.jdbi.withHandle(handle -> Runs.find(handle, id));
  }

  /** The pipeline's runs that have not ended, oldest first. */
  public List<Run> openRuns(String pipeline) {
    return database.jdbi.withHandle(handle -> Runs.open(handle, pipeline));
  }

  /**
   * Writes how the run is to end, before its cluster is stopped: a process that takes it up from
   * here on only stops.
   */
  public void decide(Run run, RunState outcome, Optional<String> failure) {
    write(run, handle -> Runs.decide(handle, run.id(), outcome, failure.map(Journal::cut)));
  }

  /**
   * Ends a run; its date and cluster are free from here on.
   *
   * @throws IllegalStateException when the run's state does not allow it
   */
  public void end(Run run, RunState next, Optional<String> failure) {
    database.jdbi.useTransaction(
        handle -> {
          Runs.end(handle, run.id(), next, failure.map(Journal::cut), clock.instant());
          claims.require(handle, run.id());
          claims.drop(handle, run.id());
          Events.endStep(handle, run.id(), clock.instant());
        });
    claims.forget(run.id());
    event(run.id(), RunEvent.Kind.RUN_ENDED, next.toString(), failure.orElse(""));
  }

  /** Writes that the run is at this step; repeating it changes nothing. */
  public void step(Run run, RunStep step, String subject) {
    write(run, handle -> Events.step(handle, run.id(), step, subject, clock.instant()));
  }

  public List<StepRecord> steps(Run run) {
    return database.jdbi.withHandle(handle -> Events.steps(handle, run.id()));
  }

  // --- Jobs ---

  /**
   * Writes the intent to submit a job. An attempt that is not spent is kept, with its key; after a
   * spent one, or none, a new attempt begins. A job that an earlier run of the date has verified is
   * taken over as it is.
   *
   * @param key the idempotency key of the attempt of that number
   */
  public JobRun submitting(Run run, String job, IntFunction<String> key) {
    return database.jdbi.inTransaction(
        handle -> {
          claims.require(handle, run.id());
          JobRuns.carryOver(handle, run, job);
          if (JobRuns.latest(handle, run.id(), job)
              .filter(known -> !known.state().isSpent())
              .isEmpty()) {
            int attempt = JobRuns.nextAttempt(handle, run, job);
            JobRuns.insert(handle, run.id(), job, attempt, key.apply(attempt), clock.instant());
          }
          return JobRuns.latest(handle, run.id(), job).orElseThrow();
        });
  }

  public void submitted(Run run, String job, int batchId) {
    write(run, handle -> JobRuns.submitted(handle, run.id(), job, batchId));
    event(run.id(), RunEvent.Kind.JOB_SUBMITTED, job, "batch " + batchId);
  }

  /**
   * Writes where the log of the job's batch is shipped to: it is read there when the cluster is
   * gone.
   */
  public void logShippedTo(Run run, String job, String address) {
    write(run, handle -> JobRuns.logShippedTo(handle, run.id(), job, address));
  }

  public void jobSucceeded(Run run, String job, Optional<String> applicationId) {
    endJob(run, job, JobState.SUCCEEDED, applicationId, Optional.empty());
    event(run.id(), RunEvent.Kind.JOB_ENDED, job, "success");
  }

  public void jobFailed(Run run, String job, Optional<String> applicationId, String failure) {
    endJob(run, job, JobState.FAILED, applicationId, Optional.of(failure));
    event(run.id(), RunEvent.Kind.JOB_ENDED, job, failure);
  }

  /** Writes that the job's batch was ended with the run, and that this was confirmed. */
  public void jobKilled(Run run, String job, String detail) {
    endJob(
        run,
        job,
        JobState.KILLED,
        Optional.empty(),
        Optional.of("It was killed at the end of its run."));
    event(run.id(), RunEvent.Kind.JOB_KILLED, job, detail);
  }

  private void endJob(
      Run run,
      String job,
      JobState state,
      Optional<String> applicationId,
      Optional<String> failure) {
    write(
        run,
        handle ->
            JobRuns.end(
                handle,
                run.id(),
                job,
                state,
                applicationId,
                failure.map(Journal::cut),
                clock.instant()));
  }

  /**
   * @param remark is added to the event, for people
   */
  public void verified(Run run, String job, OutputReport report, String remark) {
    write(run, handle -> JobRuns.verified(handle, run.id(), job, report));
    event(
        run.id(),
        RunEvent.Kind.OUTPUT_VERIFIED,
        job,
        (report.rows().isPresent() ? Counted.of(report.rows().getAsLong(), "row") + " in " : "")
            + Counted.of(report.objects(), "object")
            + ", "
            + Counted.of(report.bytes(), "byte")
            + remark);
  }

  /** The job's latest attempt in the run. */
  public Optional<JobRun> job(Run run, String job) {
    return database.jdbi.withHandle(handle -> JobRuns.latest(handle, run.id(), job));
  }

  /**
   * Whether the batch at an endpoint is one that a run of this journal sent: by its name, which is
   * its key, and by its number, unless the answer to its submission was never heard.
   */
  public boolean isOurs(String batchName, int batchId) {
    return database.jdbi.withHandle(handle -> JobRuns.isOurs(handle, batchName, batchId));
  }

  /** The latest attempt of each job of a run, in the order of their submission. */
  public List<JobRun> jobs(Run run) {
    return database.jdbi.withHandle(handle -> JobRuns.latest(handle, run.id()));
  }

  /**
   * How long the job usually takes from its submission to its success; empty without experience.
   */
  public Optional<Duration> usualJob(String pipeline, String job) {
    return database.jdbi.withHandle(handle -> JobRuns.usual(handle, pipeline, job));
  }

  /** All attempts of a run's jobs, in the order of their submission. */
  public List<JobRun> attempts(Run run) {
    return database.jdbi.withHandle(handle -> JobRuns.attempts(handle, run.id()));
  }

  // --- The cluster ---

  /**
   * Writes that a run uses a cluster: the intent to start it ({@code ours}), or that it was found
   * running. A session whose stop was asked, or that is over, or that becomes ours, is followed by
   * a new one; repeating it for an open one changes nothing.
   */
  public ClusterSession openSession(Run run, String clusterId, boolean ours) {
    boolean opened =
        database.jdbi.inTransaction(
            handle -> {
              claims.require(handle, run.id());
              Optional<ClusterSession> known = Sessions.latest(handle, run.id());
              if (known
                  .filter(open -> !open.isOver() && !open.stopPending())
                  .filter(open -> open.ours() || !ours)
                  .isPresent()) {
                return false;
              }
              Sessions.insert(handle, run.id(), clusterId, ours, clock.instant());
              return true;
            });
    if (opened) {
      event(
          run.id(),
          ours ? RunEvent.Kind.CLUSTER_START_ASKED : RunEvent.Kind.CLUSTER_FOUND_RUNNING,
          clusterId,
          "");
    }
    return session(run).orElseThrow();
  }

  public void startAccepted(Run run, String operationId) {
    write(run, handle -> Sessions.startAccepted(handle, run.id(), operationId));
  }

  /** Writes the intent to stop: from here until {@link #stopped} the stop is pending. */
  public void stopAsked(Run run) {
    boolean[] first = new boolean[1];
    write(run, handle -> first[0] = Sessions.stopAsked(handle, run.id(), clock.instant()));
    if (first[0]) {
      event(
          run.id(),
          RunEvent.Kind.CLUSTER_STOP_ASKED,
          session(run).map(ClusterSession::clusterId).orElse(""),
          "");
    }
  }

  /** Writes that the cluster is left running on purpose; its stop is not owed any more. */
  public void leftRunning(Run run, String why) {
    boolean[] first = new boolean[1];
    write(run, handle -> first[0] = Sessions.leftRunning(handle, run.id()));
    if (first[0]) {
      event(
          run.id(),
          RunEvent.Kind.CLUSTER_LEFT_RUNNING,
          session(run).map(ClusterSession::clusterId).orElse(""),
          why);
    }
  }

  /** Writes that the run's cluster is stopped, which settles what earlier runs owed it, too. */
  public void stopped(Run run) {
    session(run).ifPresent(session -> stopped(session.clusterId()));
  }

  /** Writes that the cluster is stopped, for all sessions that are open on it. */
  public void stopped(String clusterId) {
    database.jdbi.useTransaction(handle -> Sessions.stopped(handle, clusterId, clock.instant()));
  }

  /** The run's latest use of the cluster. */
  public Optional<ClusterSession> session(Run run) {
    return database.jdbi.withHandle(handle -> Sessions.latest(handle, run.id()));
  }

  /** The latest use of the cluster by any run. */
  public Optional<ClusterSession> lastSession(String clusterId) {
    return database.jdbi.withHandle(handle -> Sessions.latestOn(handle, clusterId, false));
  }

  /** The latest session that still owes the cluster's stop. */
  public Optional<ClusterSession> owedSession(String clusterId) {
    return database.jdbi.withHandle(handle -> Sessions.latestOn(handle, clusterId, true));
  }

  /** Whether a run of ours started this cluster and the cloud hasn't confirmed its stop. */
  public boolean owesStop(String clusterId) {
    return owedSession(clusterId).isPresent();
  }

  /** Sessions that still owe a stop though their run has ended. */
  public List<ClusterSession> forgottenSessions(String pipeline, String clusterId) {
    return database.jdbi.withHandle(handle -> Sessions.forgotten(handle, pipeline, clusterId));
  }

  /** How long this cluster usually takes from the asking to RUNNING; empty without experience. */
  public Optional<Duration> usualStart(String clusterId) {
    return database.jdbi.withHandle(handle -> Sessions.usualStart(handle, clusterId));
  }

  /** How long this cluster usually takes from the asking to STOPPED; empty without experience. */
  public Optional<Duration> usualStop(String clusterId) {
    return database.jdbi.withHandle(handle -> Sessions.usualStop(handle, clusterId));
  }

  /** Writes the cluster's status if it differs from the last one written for this run. */
  public void clusterStatus(Run run, String status) {
    boolean same =
        database.jdbi.withHandle(
            handle -> {
              if (status.equals("RUNNING")) {
                Sessions.seenRunning(handle, run.id(), clock.instant());
              }
              return Events.lastStatus(handle, run.id()).filter(status::equals).isPresent();
            });
    if (!same) {
      event(run.id(), RunEvent.Kind.CLUSTER_STATUS, status, "");
    }
  }

  /**
   * How long the run saw its cluster in each status, up to the last change seen; in order of first
   * appearance.
   */
  public Map<String, Duration> clusterTime(Run run) {
    Map<String, Duration> time = new LinkedHashMap<>();
    Optional<RunEvent> open = Optional.empty();
    for (RunEvent event : events(run)) {
      boolean change = event.kind() == RunEvent.Kind.CLUSTER_STATUS;
      if (!change && event.kind() != RunEvent.Kind.RUN_ENDED) {
        continue;
      }
      if (open.isPresent()) {
        time.merge(
            open.get().subject(), Duration.between(open.get().at(), event.at()), Duration::plus);
      }
      open = Optional.of(event).filter(opening -> change);
    }
    return time;
  }

  // --- Events ---

  /** The events of a run, oldest first. */
  public List<RunEvent> events(Run run) {
    return database.jdbi.withHandle(handle -> Events.of(handle, run.id()));
  }

  /** Writes an event and tells the listeners. */
  public void event(String runId, RunEvent.Kind kind, String subject, String detail) {
    RunEvent event = new RunEvent(runId, clock.instant(), kind, subject, cut(detail));
    database.jdbi.useHandle(handle -> Events.insert(handle, event));
    listeners.forEach(listener -> listener.accept(event));
  }

  /** A write of the run's holder. */
  private void write(Run run, HandleConsumer<RuntimeException> change) {
    database.jdbi.useTransaction(
        (Handle handle) -> {
          claims.require(handle, run.id());
          change.useHandle(handle);
        });
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT);
  }

  @Override
  public void close() {
    claims.close();
    database.close();
  }
}
