package dev.caravan.processors.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.shared.FatalException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.h2.engine.Constants;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal's database: opened, with its schema up to date. For use by many threads. */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** How long a transaction may stand idle before the server ends it. */
  static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(5);

  /** The version of the schema that this program knows: its newest migration's. */
  static final String SCHEMA = "13";

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
            .registerRowMapper(ConstructorMapper.factory(TraceExport.class))
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
      boolean upToDate = isUpToDate(config, pool);
      if (backup.isPresent() && !upToDate) {
        // Closed, since only then the file holds all.
        pool.close();
        backup.get().keep();
        pool = new HikariDataSource(hikari);
      }
      if (!upToDate) {
        migration(pool).migrate();
      }
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
      if (isUpToDate(config, pool)) {
        return Optional.of(new Database(pool));
      }
      pool.close();
      return Optional.empty();
    } catch (RuntimeException e) {
      throw unusable(config, pool, e);
    }
  }

  /** A database without tables, which is to get those of a backup. */
  interface Empty {
    /** A connection to it, with the tables of this version of the schema. */
    Connection withSchema(String version) throws SQLException;
  }

  /**
   * Fills a new database and brings it up to date. Nothing of it is left if that fails.
   *
   * @throws FatalException if there is something already, or as {@link #open} does
   */
  static <T> T restore(JournalConfig config, Function<Empty, T> fill) {
    Optional<MigrationBackup> file = MigrationBackup.of(config);
    if (file.filter(found -> !found.hasNoFile()).isPresent()) {
      throw notEmpty(config);
    }
    try (HikariDataSource pool = new HikariDataSource(pool(config))) {
      requireEmpty(config, pool);
      try {
        T filled =
            fill.apply(
                version -> {
                  if (Stream.of(migration(pool).info().all())
                      .noneMatch(known -> version.equals(String.valueOf(known.getVersion())))) {
                    throw new FatalException(
                        "The backup is of a later version of Caravan (schema "
                            + version
                            + "); restore it with that version.");
                  }
                  migration(pool, version).migrate();
                  return pool.getConnection();
                });
        migration(pool).migrate();
        return filled;
      } catch (RuntimeException e) {
        dropTables(config, pool);
        throw e;
      }
    } catch (RuntimeException e) {
      file.ifPresent(MigrationBackup::dropUnusable);
      throw unusable(config, null, e);
    }
  }

  private static void requireEmpty(JournalConfig config, HikariDataSource pool) {
    try (Connection connection = pool.getConnection()) {
      if (!BackupTables.names(connection).isEmpty()) {
        throw notEmpty(config);
      }
    } catch (SQLException e) {
      throw new FatalException(
          "The journal at " + config.place() + " can't be looked at: " + e.getMessage(), e);
    }
  }

  /** There were none before. An H2 is deleted as a whole. */
  private static void dropTables(JournalConfig config, HikariDataSource pool) {
    if (!config.isPostgreSql()) {
      return;
    }
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>(BackupTables.inOrder(connection));
      Collections.reverse(tables);
      for (String table : tables) {
        statement.execute("drop table " + table);
      }
      statement.execute("drop table if exists " + BackupTables.MIGRATIONS);
    } catch (SQLException e) {
      LOG.warn(
          "What a restore that failed has left at {} could not be deleted: {}",
          config.place(),
          e.getMessage());
    }
  }

  private static FatalException notEmpty(JournalConfig config) {
    return new FatalException(
        "There is a journal at "
            + config.place()
            + " already, or something else. A backup is restored only into an empty place: move what is there away, or set another caravan.journal.url.");
  }

  /**
   * Whether no change of the schema is to be made. A program that doesn't know what a later one has
   * added would write rows that lack it: it is refused.
   */
  private static boolean isUpToDate(JournalConfig config, HikariDataSource pool) {
    if (hasThisSchema(pool)) {
      return true;
    }
    MigrationInfoService schema = migration(pool).info();
    Stream.of(schema.applied())
        .filter(applied -> applied.getState().name().startsWith("FUTURE"))
        .map(applied -> String.valueOf(applied.getVersion()))
        .reduce((first, second) -> second)
        .ifPresent(
            version -> {
              throw new FatalException(
                  "The journal at "
                      + config.place()
                      + " was written by a later version of Caravan (schema "
                      + version
                      + "). Use that version, or restore a backup that was made before the upgrade (docs/upgrade.md).");
            });
    return schema.pending().length == 0;
  }

  /**
   * Whether its table of migrations ends with {@link #SCHEMA}, all of them done. Flyway, which
   * tells all other cases apart, costs a tenth of a start even with nothing to do.
   */
  private static boolean hasThisSchema(HikariDataSource pool) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select \"version\", \"success\" from \""
                    + BackupTables.MIGRATIONS
                    + "\" order by \"installed_rank\"")) {
      String version = "";
      while (rows.next()) {
        if (!rows.getBoolean("success")) {
          return false;
        }
        version = String.valueOf(rows.getString("version"));
      }
      return version.equals(SCHEMA);
    } catch (SQLException e) {
      // There is no such table yet, or the database fails: Flyway tells.
      return false;
    }
  }

  /** The version of its schema. */
  String schema() {
    return String.valueOf(migration(pool).info().current().getVersion());
  }

  /** A connection whose transaction sees all tables as they are now, while others write. */
  Connection snapshot() throws SQLException {
    Connection connection = pool.getConnection();
    boolean h2 = connection.getMetaData().getDatabaseProductName().equals("H2");
    connection.setAutoCommit(false);
    // H2's repeatable read has one state per table; only its snapshot has one of all.
    connection.setTransactionIsolation(
        h2 ? Constants.TRANSACTION_SNAPSHOT : Connection.TRANSACTION_REPEATABLE_READ);
    return connection;
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
    if (e instanceof FatalException whole) {
      return whole;
    }
    return new FatalException(
        "The journal at " + config.place() + " can't be opened: " + reason(rootOf(e)), e);
  }

  private static Flyway migration(HikariDataSource pool) {
    return migration(pool, "latest");
  }

  private static Flyway migration(HikariDataSource pool, String target) {
    return Flyway.configure()
        .dataSource(pool)
        .locations("classpath:dev/caravan/processors/journal")
        .target(target)
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
