package dev.caravan.processors.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.processors.FatalException;
import dev.caravan.processors.output.OutputReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * The record of what runs meant to do and did. Intent is written before a side effect, so that a
 * run can be continued by simply running it again. Safe for use by many threads; every write is a
 * transaction of its own.
 */
public final class Journal implements AutoCloseable {
  private static final int TEXT_LIMIT = 4000;

  private final HikariDataSource pool;
  private final Jdbi db;
  private final Clock clock;
  private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();

  private Journal(HikariDataSource pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
    this.db =
        Jdbi.create(pool)
            .registerRowMapper(ConstructorMapper.factory(Run.class))
            .registerRowMapper(ConstructorMapper.factory(JobRun.class))
            .registerRowMapper(ConstructorMapper.factory(ClusterSession.class))
            .registerRowMapper(ConstructorMapper.factory(RunEvent.class));
  }

  /**
   * Opens the journal and brings its schema up to date.
   *
   * @throws FatalException when the database can't be opened; an H2 file is open in one process at
   *     a time
   */
  public static Journal open(String jdbcUrl, Clock clock) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(durable(jdbcUrl));
    config.setMaximumPoolSize(4);
    config.setPoolName("journal");
    config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      Flyway.configure()
          .dataSource(pool)
          .locations("classpath:dev/caravan/processors/journal")
          .load()
          .migrate();
      return new Journal(pool, clock);
    } catch (RuntimeException e) {
      // Hikari has no type of its own for an address that no driver knows.
      if (pool != null) {
        pool.close();
      }
      throw new FatalException(
          "The journal at "
              + withoutSettings(jdbcUrl)
              + " can't be opened: "
              + rootMessage(e)
              + ". Is another caravan process using it?",
          e);
    }
  }

  /**
   * H2 closes itself in a shutdown hook of its own, under the stop of the cluster that is going on
   * then; and it writes a commit up to half a second later, which a kill -9 loses: an intent must
   * be in the file before its side effect.
   */
  private static String durable(String jdbcUrl) {
    if (!jdbcUrl.startsWith("jdbc:h2:file:")) {
      return jdbcUrl;
    }
    String exit = jdbcUrl.contains("DB_CLOSE_ON_EXIT") ? "" : ";DB_CLOSE_ON_EXIT=FALSE";
    String delay = jdbcUrl.contains("WRITE_DELAY") ? "" : ";WRITE_DELAY=0";
    return jdbcUrl + exit + delay;
  }

  /** Calls the listener for each event of any run, on the thread that wrote it. */
  public void onEvent(Consumer<RunEvent> listener) {
    listeners.add(listener);
  }

  /**
   * Claims a pipeline's logical date. An attempt that was never ended is continued; a failed date
   * gets a new attempt.
   *
   * @return empty when the date has succeeded already and {@code again} is false
   */
  public Optional<Run> claim(String pipeline, LocalDate date, boolean again) {
    Optional<Run> claimed =
        db.inTransaction(
            handle -> {
              Optional<Run> last = lastRun(handle, pipeline, date);
              RunState state = last.map(Run::state).orElse(RunState.FAILED);
              if (state == RunState.SUCCEEDED && !again) {
                return Optional.<Run>empty();
              }
              if (state == RunState.RUNNING) {
                return last;
              }
              int attempt = last.map(Run::attempt).orElse(0) + 1;
              handle.execute(
                  "insert into run (id, pipeline, logical_date, attempt, state, started_at) values (?, ?, ?, ?, ?, ?)",
                  pipeline + "/" + date + "/" + attempt,
                  pipeline,
                  date,
                  attempt,
                  RunState.RUNNING,
                  clock.instant());
              return lastRun(handle, pipeline, date);
            });
    claimed.ifPresent(
        run ->
            event(
                run.id(),
                RunEvent.Kind.RUN_CLAIMED,
                run.logicalDate().toString(),
                "attempt " + run.attempt()));
    return claimed;
  }

  /** The latest attempt of a pipeline's logical date. */
  public Optional<Run> lastRun(String pipeline, LocalDate date) {
    return db.withHandle(handle -> lastRun(handle, pipeline, date));
  }

  /** An attempt of a pipeline's logical date. */
  public Optional<Run> run(String pipeline, LocalDate date, int attempt) {
    return db.withHandle(
        handle ->
            handle
                .createQuery(
                    "select * from run where pipeline = ? and logical_date = ? and attempt = ?")
                .bind(0, pipeline)
                .bind(1, date)
                .bind(2, attempt)
                .mapTo(Run.class)
                .findOne());
  }

  private static Optional<Run> lastRun(Handle handle, String pipeline, LocalDate date) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and logical_date = ? order by attempt desc limit 1")
        .bind(0, pipeline)
        .bind(1, date)
        .mapTo(Run.class)
        .findOne();
  }

  /**
   * Ends a run.
   *
   * @throws IllegalStateException when the run's state does not allow it
   */
  public void end(Run run, RunState next, Optional<String> failure) {
    db.useTransaction(
        handle -> {
          RunState now =
              handle
                  .createQuery("select state from run where id = ? for update")
                  .bind(0, run.id())
                  .mapTo(RunState.class)
                  .one();
          if (!now.mayBecome(next)) {
            throw new IllegalStateException(
                "Run " + run.id() + " is " + now + " and can't become " + next + ".");
          }
          handle.execute(
              "update run set state = ?, ended_at = ?, failure = ? where id = ?",
              next,
              clock.instant(),
              failure.map(Journal::cut),
              run.id());
        });
    event(run.id(), RunEvent.Kind.RUN_ENDED, next.toString(), failure.orElse(""));
  }

  /** Writes the intent to submit a job. Repeating it for a job of the same run changes nothing. */
  public JobRun submitting(Run run, String job, String batchKey) {
    return db.inTransaction(
        handle -> {
          Optional<JobRun> known = job(handle, run, job);
          if (known.isEmpty()) {
            handle.execute(
                "insert into job_run (run_id, job, state, batch_key, submitted_at) values (?, ?, ?, ?, ?)",
                run.id(),
                job,
                JobState.SUBMITTING,
                batchKey,
                clock.instant());
          }
          return job(handle, run, job).orElseThrow();
        });
  }

  public void submitted(Run run, String job, int batchId) {
    db.useHandle(
        handle ->
            handle.execute(
                "update job_run set state = ?, batch_id = ? where run_id = ? and job = ?",
                JobState.SUBMITTED,
                batchId,
                run.id(),
                job));
    event(run.id(), RunEvent.Kind.JOB_SUBMITTED, job, "batch " + batchId);
  }

  /**
   * Writes where the log of the job's batch is shipped to: it is read there when the cluster is
   * gone.
   */
  public void logShippedTo(Run run, String job, String address) {
    db.useHandle(
        handle ->
            handle.execute(
                "update job_run set log_address = ? where run_id = ? and job = ?",
                address,
                run.id(),
                job));
  }

  public void jobSucceeded(Run run, String job, Optional<String> applicationId) {
    endJob(run, job, JobState.SUCCEEDED, applicationId, Optional.empty());
    event(run.id(), RunEvent.Kind.JOB_ENDED, job, "success");
  }

  public void jobFailed(Run run, String job, Optional<String> applicationId, String failure) {
    endJob(run, job, JobState.FAILED, applicationId, Optional.of(failure));
    event(run.id(), RunEvent.Kind.JOB_ENDED, job, failure);
  }

  private void endJob(
      Run run,
      String job,
      JobState state,
      Optional<String> applicationId,
      Optional<String> failure) {
    db.useHandle(
        handle ->
            handle.execute(
                "update job_run set state = ?, application_id = ?, ended_at = ?, failure = ? where run_id = ? and job = ?",
                state,
                applicationId,
                clock.instant(),
                failure.map(Journal::cut),
                run.id(),
                job));
  }

  /**
   * @param remark is added to the event, for people
   */
  public void verified(Run run, String job, OutputReport report, String remark) {
    db.useHandle(
        handle ->
            handle.execute(
                "update job_run set state = ?, location = ?, objects = ?, bytes = ?, row_count = ? where run_id = ? and job = ?",
                JobState.VERIFIED,
                report.location().toString(),
                report.objects(),
                report.bytes(),
                report.rows(),
                run.id(),
                job));
    event(
        run.id(),
        RunEvent.Kind.OUTPUT_VERIFIED,
        job,
        (report.rows().isPresent() ? "%,d rows in ".formatted(report.rows().getAsLong()) : "")
            + "%,d objects, %,d bytes".formatted(report.objects(), report.bytes())
            + remark);
  }

  public Optional<JobRun> job(Run run, String job) {
    return db.withHandle(handle -> job(handle, run, job));
  }

  private static Optional<JobRun> job(Handle handle, Run run, String job) {
    return handle
        .createQuery("select * from job_run where run_id = ? and job = ?")
        .bind(0, run.id())
        .bind(1, job)
        .mapTo(JobRun.class)
        .findOne();
  }

  /** The jobs of a run in the order of their submission. */
  public List<JobRun> jobs(Run run) {
    return db.withHandle(
        handle ->
            handle
                .createQuery("select * from job_run where run_id = ? order by submitted_at, job")
                .bind(0, run.id())
                .mapTo(JobRun.class)
                .list());
  }

  /**
   * Writes that a run uses a cluster: the intent to start it ({@code ours}), or that it was found
   * running. A session whose stop was asked, or that becomes ours, is opened anew; repeating it for
   * an open one changes nothing.
   */
  public ClusterSession openSession(Run run, String clusterId, boolean ours) {
    boolean opened =
        db.inTransaction(
            handle -> {
              if (session(handle, run)
                  .filter(known -> known.stopAskedAt().isEmpty() && (known.ours() || !ours))
                  .isPresent()) {
                return false;
              }
              handle.execute("delete from cluster_session where run_id = ?", run.id());
              handle.execute(
                  "insert into cluster_session (run_id, cluster_id, ours, opened_at, stop_pending) values (?, ?, ?, ?, false)",
                  run.id(),
                  clusterId,
                  ours,
                  clock.instant());
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
    db.useHandle(
        handle ->
            handle.execute(
                "update cluster_session set operation_id = ? where run_id = ?",
                operationId,
                run.id()));
  }

  /** Writes the intent to stop: from here until {@link #stopped} the stop is owed. */
  public void stopAsked(Run run) {
    int changed =
        db.withHandle(
            handle ->
                handle.execute(
                    "update cluster_session set stop_asked_at = ?, stop_pending = true where run_id = ? and stop_asked_at is null",
                    clock.instant(),
                    run.id()));
    if (changed > 0) {
      event(
          run.id(),
          RunEvent.Kind.CLUSTER_STOP_ASKED,
          session(run).map(ClusterSession::clusterId).orElse(""),
          "");
    }
  }

  /** Writes that the run's cluster is stopped, which settles what earlier runs owed it, too. */
  public void stopped(Run run) {
    db.useHandle(
        handle ->
            handle.execute(
                "update cluster_session set stopped_at = ?, stop_pending = false where cluster_id = (select cluster_id from cluster_session where run_id = ?) and stopped_at is null",
                clock.instant(),
                run.id()));
  }

  public Optional<ClusterSession> session(Run run) {
    return db.withHandle(handle -> session(handle, run));
  }

  private static Optional<ClusterSession> session(Handle handle, Run run) {
    return handle
        .createQuery("select * from cluster_session where run_id = ?")
        .bind(0, run.id())
        .mapTo(ClusterSession.class)
        .findOne();
  }

  /** Whether a run of ours started this cluster and the cloud hasn't confirmed its stop. */
  public boolean owesStop(String clusterId) {
    return db.withHandle(
            handle ->
                handle
                    .createQuery(
                        "select count(*) from cluster_session where cluster_id = ? and ours and stopped_at is null")
                    .bind(0, clusterId)
                    .mapTo(Integer.class)
                    .one())
        > 0;
  }

  /** Writes the cluster's status if it differs from the last one written for this run. */
  public void clusterStatus(Run run, String status) {
    boolean same =
        events(run).stream()
            .filter(event -> event.kind() == RunEvent.Kind.CLUSTER_STATUS)
            .reduce((first, second) -> second)
            .map(event -> event.subject().equals(status))
            .orElse(false);
    if (!same) {
      event(run.id(), RunEvent.Kind.CLUSTER_STATUS, status, "");
    }
  }

  /** Whether the run has seen its cluster running. */
  public boolean wasRunning(Run run) {
    return events(run).stream()
        .anyMatch(
            event ->
                event.kind() == RunEvent.Kind.CLUSTER_STATUS && event.subject().equals("RUNNING"));
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

  /** The events of a run, oldest first. */
  public List<RunEvent> events(Run run) {
    return db.withHandle(
        handle ->
            handle
                .createQuery(
                    "select run_id, at, kind, subject, detail from event where run_id = ? order by id")
                .bind(0, run.id())
                .mapTo(RunEvent.class)
                .list());
  }

  /** Writes an event and tells the listeners. */
  public void event(String runId, RunEvent.Kind kind, String subject, String detail) {
    RunEvent event = new RunEvent(runId, clock.instant(), kind, subject, cut(detail));
    insert(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  private void insert(RunEvent event) {
    Instant at = event.at();
    db.useHandle(
        handle ->
            handle.execute(
                "insert into event (run_id, at, kind, subject, detail) values (?, ?, ?, ?, ?)",
                event.runId(),
                at,
                event.kind(),
                event.subject(),
                event.detail()));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT);
  }

  /** What comes after the database's place may hold a password. */
  private static String withoutSettings(String jdbcUrl) {
    return jdbcUrl.split("[?;]", 2)[0];
  }

  private static String rootMessage(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    pool.close();
  }
}
