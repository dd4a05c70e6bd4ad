package dev.caravan.routes.settings;

import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.shared.settings.PropertiesFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of recovery: how long a run waits for another, how often unfinished runs and
 * forgotten clusters are looked for, what a shutdown does.
 *
 * @param claimTimeout how long a run waits for another of its date or cluster
 * @param reconcileEvery interval between checks for open runs and forgotten clusters; empty: no
 *     checks
 * @param leaseTtl how long a lease on the cluster is valid without a renewal
 */
public record Recovery(
    Duration claimTimeout,
    Optional<Duration> reconcileEvery,
    Duration leaseTtl,
    DecideOutcome.AtShutdown atShutdown) {
  private static final Duration FIRST_LOOK = Duration.ofMillis(500);

  static Recovery from(SettingsFile settings) {
    return new Recovery(
        settings.duration("caravan.claim.timeout", "6h", "1s", "7d"),
        settings.text("caravan.reconcile.every", "1m").equals("off")
            ? Optional.empty()
            : Optional.of(settings.duration("caravan.reconcile.every", "1m", "100ms", "1d")),
        settings.duration("caravan.lease.ttl", "5m", "1s", "1d"),
        DecideOutcome.AtShutdown.valueOf(
            settings
                .oneOf("caravan.shutdown", "stop", "stop", "hand-over")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_')));
  }

  static JournalConfig journal(SettingsFile settings) {
    return new JournalConfig(
        settings.databaseUrl("caravan.journal.url", "jdbc:h2:file:./data/journal"),
        login(settings, "caravan.journal.credentials-file"),
        settings.duration("caravan.claim.ttl", "60s", "1s", "1h"));
  }

  private static Optional<JournalConfig.Login> login(SettingsFile settings, String key) {
    return settings.file(key).flatMap(file -> settings.checked(key, () -> login(file)));
  }

  private static JournalConfig.Login login(Path file) {
    Map<String, String> login = PropertiesFile.read(file, "of a database user", "user", "password");
    return new JournalConfig.Login(login.get("user"), login.get("password"));
  }

  /**
   * The first look is at once; where none is wanted the route is there, and never started. Not a
   * timer: those count by the machine's date, and a step of it would hold the reconciler up.
   */
  String reconcileUri() {
    return reconcileEvery
        .map(Duration::toMillis)
        .map(
            every ->
                "scheduler:reconcile?synchronous=true&initialDelay=%d&delay=%d"
                    .formatted(FIRST_LOOK.toMillis(), every))
        .orElse("scheduler:reconcile?synchronous=true&repeatCount=1");
  }
}
