package dev.caravan.processors.journal;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the journal is.
 *
 * @param url JDBC address: {@code jdbc:h2:file:...} or {@code jdbc:postgresql://host/database}
 * @param claimTtl an orchestrator that has not renewed its claim for this long is taken for dead
 */
public record JournalConfig(String url, Optional<Login> login, Duration claimTtl) {
  static final Duration CLAIM_TTL = Duration.ofSeconds(60);
  private static final String READ_ONLY = ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE";

  /** User and password at the database. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /** Without a login, and with the default life of a claim. */
  public static JournalConfig of(String url) {
    return new JournalConfig(url, Optional.empty(), CLAIM_TTL);
  }

  /** The same, for looking only: an embedded H2 then writes nothing, and makes no file. */
  JournalConfig toRead() {
    return isExclusive() ? new JournalConfig(url + READ_ONLY, login, claimTtl) : this;
  }

  private boolean isToRead() {
    return url.endsWith(READ_ONLY);
  }

  /** Whether no other process can have it open: then a claim of another process is a dead one's. */
  boolean isExclusive() {
    return url.startsWith("jdbc:h2:file:") && !url.contains("AUTO_SERVER") && !isToRead();
  }

  /** Whether several processes may have it open at a time. */
  boolean isShared() {
    return isPostgreSql() || url.contains("AUTO_SERVER") || !url.matches("jdbc:h2:(file|mem):.*");
  }

  boolean isPostgreSql() {
    return url.startsWith("jdbc:postgresql:");
  }

  /** What comes after the database's place may hold a password. */
  public String place() {
    // H2 takes a path with a question mark in it.
    String end = url.startsWith("jdbc:h2:") ? ";" : "[?;]";
    return url.split(end, 2)[0].replaceAll("//[^/@]*@", "//...@");
  }

  /**
   * H2 closes itself in a shutdown hook of its own, under the stop of the cluster that is going on
   * then; and it writes a commit up to half a second later, which a kill -9 loses: an intent must
   * be in the file before its side effect.
   */
  String durableUrl() {
    if (!url.startsWith("jdbc:h2:file:") || isToRead()) {
      return url;
    }
    String exit = url.contains("DB_CLOSE_ON_EXIT") ? "" : ";DB_CLOSE_ON_EXIT=FALSE";
    String delay = url.contains("WRITE_DELAY") ? "" : ";WRITE_DELAY=0";
    return url + exit + delay;
  }
}
