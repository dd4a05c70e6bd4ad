package dev.caravan.endpoint.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.endpoint.log.BatchFiles;
import dev.caravan.endpoint.log.BatchLog;
import dev.caravan.endpoint.process.BatchProcess;
import dev.caravan.shared.batches.BatchState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One batch in memory. Polls read it from any thread and never wait; only {@link BatchLifecycle}'s
 * thread changes it.
 */
public final class Batch {
  private final BatchDirectory directory;
  private final long maxLog;
  private final Optional<FinishedBatch> recorded;
  private volatile BatchRecord record;
  private volatile List<ApplicationIdScanner> printed = List.of();
  private volatile Optional<BatchLog> log = Optional.empty();
  private final CompletableFuture<Outcome> end = new CompletableFuture<>();
  private volatile Optional<Outcome> outcome = Optional.empty();
  private volatile BatchState state = BatchState.STARTING;
  private volatile Optional<Instant> startedAt = Optional.empty();
  private volatile Optional<Instant> since = Optional.empty();
  private volatile Optional<String> applicationId = Optional.empty();
  private volatile Optional<ApplicationWatch.Sight> watched = Optional.empty();
  private volatile Optional<String> killReason = Optional.empty();
  private volatile Optional<BatchProcess> process = Optional.empty();
  private volatile boolean deleted;

  /**
   * A batch.
   *
   * @param maxLog bytes of stdout and of stderr each that are kept
   */
  Batch(BatchRecord record, BatchDirectory directory, long maxLog) {
    this(record, directory, maxLog, Optional.empty(), directory.isDeleted());
  }

  private Batch(
      BatchRecord record,
      BatchDirectory directory,
      long maxLog,
      Optional<FinishedBatch> recorded,
      boolean deleted) {
    this.record = record;
    this.directory = directory;
    this.deleted = deleted;
    this.maxLog = maxLog;
    this.recorded = recorded;
  }

  /** One that ended before this endpoint started. */
  Batch(FinishedBatch finished, BatchDirectory directory, long maxLog) {
    this(finished.record(), directory, maxLog, Optional.of(finished), finished.deleted());
  }

  /** What was accepted. */
  public BatchRecord record() {
    return record;
  }

  /** Now. */
  public BatchState state() {
    return state;
  }

  /**
   * Its log. Its index is kept while the batch lives, and that of a long one for good; a short one
   * is indexed anew for each call, which costs less than an index in memory for thousands.
   */
  public BatchLog log() {
    return log.orElseGet(this::open);
  }

  private synchronized BatchLog open() {
    BatchLog opened =
        log.orElseGet(
            () ->
                new BatchLog(
                    new BatchFiles(directory.path()),
                    maxLog,
                    this::head,
                    () -> state.isFinished()));
    if (!state.isFinished() || opened.isLong()) {
      log = Optional.of(opened);
    }
    return opened;
  }

  private synchronized void forgetShortLog() {
    log = log.filter(BatchLog::isLong);
  }

  /** When its process was started. */
  public Optional<Instant> startedAt() {
    return startedAt;
  }

  /** Spark's application id, once it is known. */
  public Optional<String> applicationId() {
    return applicationId;
  }

  /** How it ended; empty while it lives. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  /** Whether a client has deleted it; clients no longer find it. */
  public boolean isDeleted() {
    return deleted;
  }

  void delete() throws IOException {
    directory.writeDeleted();
    deleted = true;
  }

  /** The directory of its files. */
  public Path path() {
    return directory.path();
  }

  /**
   * Its argument list, the program first; read from the disk once it has ended. Empty if that can't
   * be read.
   */
  public List<String> words() {
    if (!record.words().isEmpty()) {
      return record.words();
    }
    try {
      return directory.readRecord().map(BatchRecord::words).orElse(List.of());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The job's summary, if it left one; a small JSON object, read from the disk. */
  public Optional<JsonNode> summary() {
    return directory.readSummary();
  }

  /** Completed when the batch has ended. */
  CompletableFuture<Outcome> end() {
    return end;
  }

  BatchDirectory directory() {
    return directory;
  }

  /** Where an application id may be printed while it runs. */
  List<ApplicationIdScanner> printed() {
    return printed;
  }

  /** How it ended, if that was known before this endpoint read its directory. */
  Optional<FinishedBatch> recorded() {
    return recorded;
  }

  /** Keeps the data that is still needed. */
  void keep(FinishedBatch finished) {
    record = finished.record();
  }

  Optional<BatchProcess> process() {
    return process;
  }

  Optional<String> killReason() {
    return killReason;
  }

  void killReason(String reason) {
    killReason = Optional.of(reason);
  }

  void applicationId(Optional<String> id) {
    applicationId = id;
  }

  /** What is seen of its application while that outlives its spark-submit; else empty. */
  public Optional<ApplicationWatch.Sight> watched() {
    return watched;
  }

  void watched(ApplicationWatch.Sight sight) {
    watched = Optional.of(sight);
  }

  void startedAt(Optional<Instant> at) {
    startedAt = at;
  }

  /**
   * It runs.
   *
   * @param started by the machine's clock
   * @param since the same moment by the steady clock
   */
  void running(Instant started, Instant since, BatchProcess running) {
    startedAt = Optional.of(started);
    this.since = Optional.of(since);
    process = Optional.of(running);
    printed =
        List.of(
            new ApplicationIdScanner(directory.stderr()),
            new ApplicationIdScanner(directory.stdout()));
    state = BatchState.RUNNING;
  }

  /** A finished batch's outcome, told more exactly. */
  void outcome(Outcome outcome) {
    this.outcome = Optional.of(outcome);
  }

  /** When it came into its state, running or a final one, by the steady clock. */
  Optional<Instant> since() {
    return since;
  }

  /**
   * It has ended.
   *
   * @param since the moment by the steady clock
   */
  void ended(Outcome outcome, Instant since) {
    this.since = Optional.of(since);
    this.outcome = Optional.of(outcome);
    process = Optional.empty();
    printed = List.of();
    watched = Optional.empty();
    state = outcome.state();
    forgetShortLog();
    end.complete(outcome); // last: a caller that waits for it may ask for the state at once
  }

  /** The first lines of the log: what a person wants to know first. */
  private List<String> head() {
    Optional<Outcome> outcome = outcome();
    return List.of(
        "caravan: batch "
            + record.id()
            + ", "
            + state.wire()
            + ", application "
            + applicationId.orElse("not known"),
        "caravan: exit code "
            + outcome
                .map(
                    o ->
                        o.exitCode().isPresent()
                            ? Integer.toString(o.exitCode().getAsInt())
                            : "none")
                .orElse("not yet"),
        "caravan: " + outcome.map(Outcome::reason).orElse("no reason yet"),
        "caravan: "
            + record
                .logAddress()
                .map(address -> "this log is shipped to " + address)
                .orElse("this log is not shipped anywhere"));
  }
}
