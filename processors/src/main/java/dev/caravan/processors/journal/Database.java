package dev.caravan.processors.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.processors.FatalException;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The journal's database: opened, with its schema up to date. For use by many threads. */
final class Database implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HikariDataSource pool;
  final Jdbi jdbi;

  private Database(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi =
        Jdbi.create(pool)
            .registerRowMapper(ConstructorMapper.factory(Run.class))
            .registerRowMapper(ConstructorMapper.factory(JobRun.class))
            .registerRowMapper(ConstructorMapper.factory(ClusterSession.class))
            .registerRowMapper(ConstructorMapper.factory(StepRecord.class))
            .registerRowMapper(ConstructorMapper.factory(RunEvent.class));
  }

  /**
   * @throws FatalException when it can't be opened, in one sentence without secrets
   */
  static Database open(JournalConfig config) {
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
      hikari.setConnectionInitSql("set idle_in_transaction_session_timeout = '5s'");
    }
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
      // Hikari has no type of its own for an address that no driver knows.
      if (pool != null) {
        pool.close();
      }
      String hint = config.isPostgreSql() ? "" : " Is another caravan process using it?";
      throw new FatalException(
          "The journal at " + config.place() + " can't be opened: " + rootMessage(e) + "." + hint,
          e);
    }
  }

  private static Flyway migration(HikariDataSource pool) {
    return Flyway.configure()
        .dataSource(pool)
        .locations("classpath:dev/caravan/processors/journal")
        .load();
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
