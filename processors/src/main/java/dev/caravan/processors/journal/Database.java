package dev.caravan.processors.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.shared.FatalException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The journal's database: opened, with its schema up to date. For use by many threads. */
final class Database implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** How long a transaction may stand idle before the server ends it. */
  static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  final Jdbi jdbi;

  private Database(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi =
        Jdbi.create(pool)
            .registerRowMapper(ConstructorMapper.factory(Run.class))
            .registerRowMapper(ConstructorMapper.factory(Backfill.class))
            .registerRowMapper(ConstructorMapper.factory(JobRun.class))
            .registerRowMapper(ConstructorMapper.factory(JobOutput.class))
            .registerRowMapper(ConstructorMapper.factory(ClusterSession.class))
            .registerRowMapper(ConstructorMapper.factory(StepRecord.class))
            .registerRowMapper(ConstructorMapper.factory(RunEvent.class))
            .registerRowMapper(ConstructorMapper.factory(Alarm.class))
            .registerRowMapper(ConstructorMapper.factory(Notification.class))
            .registerRowMapper(ConstructorMapper.factory(ClusterStatusInterval.class));
  }

  /**
   * @throws FatalException when it can't be opened, in one sentence without secrets
   */
  static Database open(JournalConfig config) {
    HikariConfig hikari = pool(config);
    HikariDataSource pool = null;
    try {
      Optional<MigrationBackup> backup = MigrationBackup.of(config);
      backup.ifPresent(MigrationBackup::restore);
      pool = new HikariDataSource(hikari);
      if (backup.isPresent() && migration(pool).info().pending().length > 0) {
        // Closed, since only then the file holds all.
        pool.close();
        backup.get().keep();
        pool = new HikariDataSource(hikari);
      }
      migration(pool).migrate();
      backup.ifPresent(MigrationBackup::drop);
      return new Database(pool);
    } catch (RuntimeException e) {
      throw unusable(config, pool, e);
    }
  }

  /**
   * Opens it as it is, for looking only.
   *
   * @return empty if there is none, or its schema is of an earlier version
   * @throws FatalException as {@link #open} does
   */
  static Optional<Database> openToRead(JournalConfig config) {
    if (MigrationBackup.of(config).filter(MigrationBackup::hasNoFile).isPresent()) {
      return Optional.empty();
    }
    JournalConfig reading = config.toRead();
    HikariConfig hikari = pool(reading);
    hikari.setReadOnly(true);
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(hikari);
      if (migration(pool).info().pending().length == 0) {
        return Optional.of(new Database(pool));
      }
      pool.close();
      return Optional.empty();
    } catch (RuntimeException e) {
      throw unusable(config, pool, e);
    }
  }

  private static HikariConfig pool(JournalConfig config) {
    HikariConfig hikari = new HikariConfig();
    hikari.setJdbcUrl(config.durableUrl());
    config.login().ifPresent(login -> hikari.setUsername(login.user()));
    config.login().ifPresent(login -> hikari.setPassword(login.password()));
    hikari.setMaximumPoolSize(4);
    hikari.setPoolName("journal");
    hikari.setConnectionTimeout(CONNECT.toMillis());
    if (config.isPostgreSql()) {
      // A server that hangs must not hold the stop of a cluster up for longer than a call's
      // time-out.
      hikari.addDataSourceProperty("connectTimeout", "10");
      hikari.addDataSourceProperty("socketTimeout", "20");
      // An orchestrator that is frozen or cut off within a transaction holds the rows that others
      // need to take its run over; the server ends it. (A pooler may refuse this as a start
      // option.)
      hikari.setConnectionInitSql(
          "set idle_in_transaction_session_timeout = " + LONGEST_TRANSACTION.toMillis());
    }
    return hikari;
  }

  private static FatalException unusable(
      JournalConfig config, HikariDataSource pool, RuntimeException e) {
    // Hikari has no type of its own for an address that no driver knows.
    if (pool != null) {
      pool.close();
    }
    return new FatalException(
        "The journal at " + config.place() + " can't be opened: " + reason(rootOf(e)), e);
  }

  private static Flyway migration(HikariDataSource pool) {
    return Flyway.configure()
        .dataSource(pool)
        .locations("classpath:dev/caravan/processors/journal")
        .load();
  }

  private static Throwable rootOf(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** H2's own words in the three cases that a person can mend, and what to do then. */
  private static String reason(Throwable root) {
    String said = String.valueOf(root.getMessage());
    if (root instanceof FileSystemException file) {
      String why =
          root instanceof AccessDeniedException
              ? "permission denied"
              : Objects.requireNonNullElse(file.getReason(), "it can't be created");
      return file.getFile()
          + ": "
          + why
          + ". Let this user write there, or set another"
          + " caravan.journal.url.";
    }
    if (said.contains("locked") || said.contains("already in use")) {
      return said + ". Is another caravan process using it?";
    }
    if (said.contains("corrupt")) {
      return said + ". The file is damaged, or no journal: put a backup in its place.";
    }
    return said + ".";
  }

  @Override
  public void close() {
    pool.close();
  }
}
