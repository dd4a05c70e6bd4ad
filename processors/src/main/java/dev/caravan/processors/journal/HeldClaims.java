package dev.caravan.processors.journal;

import dev.caravan.shared.ElapsedClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Who holds what. A run holds its date, a session its cluster, one row each; the row's owner renews
 * it, and whoever finds it lapsed takes it over by putting its own name there. Each taking has a
 * name of its own, so that two threads of one process exclude each other, too. The time is the
 * database's where several machines may share it, so that their clocks don't matter; where one
 * process has the journal to itself, it is that process's, which no step of the date moves.
 */
final class HeldClaims implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldClaims.class);

  private static final String SESSION = "session of ";

  private final JournalConfig config;
  private final Database database;
  private final ElapsedClock clock;
  private final Instant begin;
  private final String process = OwnProcess.name();
  private final AtomicLong taken = new AtomicLong();
  private final Map<String, Hold> holds = new ConcurrentHashMap<>();
  private volatile Consumer<String> onLost = runId -> {};
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "journal-claims");
            thread.setDaemon(true);
            return thread;
          });

  /** A claim that this process holds, and when it last renewed it by the machine's own time. */
  private static final class Hold {
    private final String owner;
    private volatile String runId;
    private volatile long renewedNanos = System.nanoTime();
    private volatile boolean lost;
    private volatile boolean abandoned;

    private Hold(String owner, String runId) {
      this.owner = owner;
      this.runId = runId;
    }
  }

  /**
   * A row of the table.
   *
   * @param runId the run at hand of whoever holds it
   */
  record Row(String resource, String runId, String owner, Instant lapsesAt) {}

  HeldClaims(JournalConfig config, Database database, ElapsedClock clock) {
    this.config = config;
    this.database = database;
    this.clock = clock;
    this.begin = clock.instant().minus(clock.elapsed());
    if (config.isExclusive()) {
      // Their owner is dead: it had the file to itself.
      database.jdbi.useHandle(handle -> handle.execute("delete from claim"));
    }
    long period = config.claimTtl().toMillis() / 3;
    renewals.scheduleWithFixedDelay(this::renewAll, period, period, TimeUnit.MILLISECONDS);
  }

  /** Calls it, on a thread of its own, with the holder of what another orchestrator took over. */
  void onLost(Consumer<String> listener) {
    onLost = listener;
  }

  static String dateOf(String pipeline, String date) {
    return "date " + pipeline + "/" + date;
  }

  static String clusterOf(String clusterId) {
    return "cluster " + clusterId;
  }

  /** The holder of a cluster; a run holds its date under its own id. */
  static String sessionOn(String clusterId) {
    return SESSION + clusterOf(clusterId);
  }

  Instant now(Handle handle) {
    if (config.isPostgreSql()) {
      return handle.createQuery("select clock_timestamp()").mapTo(Instant.class).one();
    }
    return config.isShared() ? clock.instant() : begin.plus(clock.elapsed());
  }

  /** Any valid claim on one of these resources, whoever holds it. Locks the existing rows. */
  Optional<Row> heldBy(Handle handle, List<String> resources) {
    Instant now = now(handle);
    return resources.stream()
        .flatMap(resource -> row(handle, resource).stream())
        .filter(row -> now.isBefore(row.lapsesAt()))
        .findFirst();
  }

  private static Optional<Row> row(Handle handle, String resource) {
    return handle
        .createQuery(
            "select resource, run_id, owner, lapses_at from claim where resource = ? for update")
        .bind(0, resource)
        .map(
            (rs, context) ->
                new Row(
                    rs.getString(1),
                    rs.getString(2),
                    rs.getString(3),
                    rs.getTimestamp(4).toInstant()))
        .findOne();
  }

  /**
   * Takes them for the holder, from nobody or from whoever let them lapse. A row that came, or was
   * renewed, since {@link #heldBy} looked is left as it is.
   *
   * @param runId the run at hand
   * @throws UnableToExecuteStatementException if another took one of them meanwhile: it breaks the
   *     primary key, and the transaction is to be begun again
   */
  void take(Transaction transaction, String holder, String runId, List<String> resources) {
    Handle handle = transaction.handle;
    String owner = process + "#" + taken.incrementAndGet();
    Instant now = now(handle);
    Instant lapse = now.plus(config.claimTtl());
    for (String resource : resources) {
      int changed =
          handle.execute(
              "update claim set holder = ?, run_id = ?, owner = ?, lapses_at = ?"
                  + " where resource = ? and lapses_at <= ?",
              holder,
              runId,
              owner,
              lapse,
              resource,
              now);
      if (changed == 0) {
        handle.execute(
            "insert into claim (resource, holder, run_id, owner, lapses_at) values (?, ?, ?, ?, ?)",
            resource,
            holder,
            runId,
            owner,
            lapse);
      }
    }
    // From then on the claim is renewed.
    transaction.afterCommit(() -> holds.put(holder, new Hold(owner, runId)));
  }

  /** The holder, whose claim is this process's, goes on with another run. */
  void goOnWith(Transaction transaction, String holder, String runId) {
    transaction.handle.execute("update claim set run_id = ? where holder = ?", runId, holder);
    transaction.afterCommit(
        () -> Optional.ofNullable(holds.get(holder)).ifPresent(hold -> hold.runId = runId));
  }

  /** What this process holds for the run, under whichever holder. */
  List<String> holdersFor(String runId) {
    return holds.entrySet().stream()
        .filter(entry -> entry.getValue().runId.equals(runId))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The run at hand of a holder in this process. */
  Optional<String> runOf(String holder) {
    return Optional.ofNullable(holds.get(holder)).map(hold -> hold.runId);
  }

  /**
   * Locks the holder's claim and makes sure that it is still this process's.
   *
   * @throws RunLostException if it isn't
   */
  void require(Handle handle, String holder) {
    Hold hold = holds.get(holder);
    List<String> owners =
        handle
            .createQuery("select owner from claim where holder = ? order by resource for update")
            .bind(0, holder)
            .mapTo(String.class)
            .list();
    if (hold == null || owners.isEmpty() || !owners.stream().allMatch(hold.owner::equals)) {
      if (hold != null) {
        lose(holder, hold);
      }
      throw new RunLostException(holder);
    }
  }

  /** As {@link #require}, for the session that has this run at hand, or had it last. */
  void requireSession(Handle handle, String runId) {
    require(
        handle,
        holdersFor(runId).stream()
            .filter(holder -> holder.startsWith(SESSION))
            .findFirst()
            .orElseThrow(() -> new RunLostException(runId)));
  }

  /**
   * Whether this process may act for the holder, as far as it knows without asking: a claim that it
   * couldn't renew in time may be another's by now, unless nobody else can have the database.
   */
  boolean mayAct(String holder) {
    Hold hold = holds.get(holder);
    if (hold == null || hold.lost) {
      return false;
    }
    long sinceRenewal = System.nanoTime() - hold.renewedNanos;
    return config.isExclusive() || sinceRenewal < config.claimTtl().toNanos();
  }

  boolean isHolding() {
    return holds.values().stream().anyMatch(hold -> !hold.lost);
  }

  boolean isHolding(String holder) {
    return Optional.ofNullable(holds.get(holder)).filter(hold -> !hold.lost).isPresent();
  }

  /** The run or session has ended: it holds nothing any more. */
  void drop(Transaction transaction, String holder) {
    transaction.handle.execute("delete from claim where holder = ?", holder);
    transaction.afterCommit(() -> holds.remove(holder));
  }

  /** Whoever finds the claim lapsed may take it over; until then it is still ours. */
  void stopRenewing(String holder) {
    Optional.ofNullable(holds.get(holder)).ifPresent(hold -> hold.abandoned = true);
  }

  /** Lets the claim lapse now, for the next process to take it over at once. */
  void letGo(Transaction transaction, String holder) {
    Hold hold = holds.get(holder);
    if (hold != null) {
      transaction.handle.execute(
          "update claim set lapses_at = ? where holder = ? and owner = ?",
          now(transaction.handle),
          holder,
          hold.owner);
      transaction.afterCommit(() -> holds.remove(holder));
    }
  }

  private void renewAll() {
    holds.forEach(
        (holder, hold) -> {
          MDC.put("run", hold.runId);
          try {
            renew(holder, hold);
          } catch (RuntimeException e) {
            LOG.warn("The claim of {} could not be renewed: {}", holder, e.getMessage());
          } finally {
            MDC.remove("run");
          }
        });
  }

  private void renew(String holder, Hold hold) {
    if (hold.abandoned || hold.lost) {
      return;
    }
    long begin = System.nanoTime();
    int rows =
        database.jdbi.withHandle(
            handle ->
                handle.execute(
                    "update claim set lapses_at = ? where holder = ? and owner = ?",
                    now(handle).plus(config.claimTtl()),
                    holder,
                    hold.owner));
    if (rows > 0) {
      hold.renewedNanos = begin;
    } else if (holds.get(holder) == hold) {
      lose(holder, hold);
    }
  }

  /** Tells it on the thread of the renewals: whoever finds it out is within a transaction. */
  private void lose(String holder, Hold hold) {
    boolean known = hold.lost;
    hold.lost = true;
    if (!known && !renewals.isShutdown()) {
      renewals.execute(() -> onLost.accept(hold.runId));
    }
  }

  @Override
  public void close() {
    renewals.shutdownNow();
  }
}
