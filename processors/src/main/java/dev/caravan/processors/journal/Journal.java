package dev.caravan.processors.journal;

import dev.caravan.shared.ElapsedClock;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The record of what runs meant to do and did. Intent is written before a side effect, so that a
 * run can be continued by simply running it again. A run that was claimed is written to by its
 * claim's holder alone: everyone else gets a {@link RunLostException}. Safe for use by many
 * threads; every write is a transaction of its own, which holds the state and the event that tells
 * of it.
 */
public final class Journal implements AutoCloseable {
  private final Database database;
  private final HeldClaims held;
  private final Clock clock;
  private final Transactions transactions;
  private final Claims claims;
  private final RunQueue queue;
  private final Backfills backfills;
  private final Budgets budgets;
  private final Runs runs;
  private final Definitions definitions;
  private final Jobs jobs;
  private final Sessions sessions;
  private final ClusterStatuses statuses;
  private final Events events;
  private final Alarms alarms;
  private final Outbox outbox;
  private final History history;
  private final ApiRequests apiRequests;
  private final Statistics statistics;
  private final Traces traces;

  private Journal(Database database, HeldClaims held, Clock clock) {
    AlarmLog alarmLog = new AlarmLog();
    this.database = database;
    this.held = held;
    this.clock = clock;
    this.transactions = new Transactions(database, held, clock);
    this.claims = new Claims(transactions, held, clock);
    this.queue = new RunQueue(transactions);
    this.backfills = new Backfills(transactions);
    this.budgets = new Budgets(transactions);
    this.runs = new Runs(transactions, held);
    this.definitions = new Definitions(transactions);
    this.jobs = new Jobs(transactions);
    this.sessions = new Sessions(transactions);
    this.statuses = new ClusterStatuses(transactions);
    this.events = new Events(transactions);
    this.alarms = new Alarms(transactions, alarmLog);
    this.outbox = new Outbox(transactions);
    this.history = new History(transactions);
    this.apiRequests = new ApiRequests(transactions);
    this.statistics = new Statistics(transactions);
    this.traces = new Traces(transactions);
    onEvent(alarmLog);
    held.onLost(alarms::raiseTakenOver);
  }

  /**
   * Opens the journal and brings its schema up to date.
   *
   * @throws dev.caravan.shared.FatalException when the database can't be opened; an H2 file is open
   *     in one process at a time
   */
  public static Journal open(JournalConfig config, Clock clock) {
    Database database = Database.open(config);
    return new Journal(database, new HeldClaims(config, database, ElapsedClock.of(clock)), clock);
  }

  /**
   * Opens the journal as it is, for looking only: nothing is written, and no file is made.
   *
   * @return empty if there is none yet, or its schema is of an earlier version
   * @throws dev.caravan.shared.FatalException as {@link #open} does
   */
  public static Optional<Journal> openToRead(JournalConfig config, Clock clock) {
    return Database.openToRead(config)
        .map(
            database ->
                new Journal(
                    database,
                    new HeldClaims(config.toRead(), database, ElapsedClock.of(clock)),
                    clock));
  }

  /**
   * Calls the listener for each event of any run, on the thread that wrote it, once it is
   * committed.
   */
  public void onEvent(Consumer<RunEvent> listener) {
    transactions.onEvent(listener);
  }

  /**
   * Writes all that the journal holds to a new file, as it is at one moment; runs go on meanwhile.
   *
   * @throws dev.caravan.shared.FatalException if the file can't be written
   */
  public JournalBackup backup(Path file) {
    return JournalBackup.take(database, file, clock.instant());
  }

  public Claims claims() {
    return claims;
  }

  public RunQueue queue() {
    return queue;
  }

  public Backfills backfills() {
    return backfills;
  }

  public Budgets budgets() {
    return budgets;
  }

  public Runs runs() {
    return runs;
  }

  public Definitions definitions() {
    return definitions;
  }

  public Jobs jobs() {
    return jobs;
  }

  public Sessions sessions() {
    return sessions;
  }

  public ClusterStatuses statuses() {
    return statuses;
  }

  public Events events() {
    return events;
  }

  public Alarms alarms() {
    return alarms;
  }

  public Outbox outbox() {
    return outbox;
  }

  public History history() {
    return history;
  }

  public ApiRequests apiRequests() {
    return apiRequests;
  }

  public Statistics statistics() {
    return statistics;
  }

  public Traces traces() {
    return traces;
  }

  @Override
  public void close() {
    held.close();
    database.close();
  }
}
