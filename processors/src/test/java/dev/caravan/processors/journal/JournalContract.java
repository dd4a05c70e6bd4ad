package dev.caravan.processors.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** What the contracts of the journal's tables have in common. */
abstract class JournalContract extends QueueContract {

  /** As if this process had died so long ago that its claims have lapsed. */
  static void die() {
    if (database.config().isExclusive()) {
      CLOCK.pass(Duration.ofHours(5));
      return;
    }
    try {
      // The server's clock counts.
      database.execute("update claim set lapses_at = now() - interval '1 hour'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  Run claim() {
    return TestRuns.claim(journal, pipeline, DATE, false);
  }

  Claim ask(String date, String clusterId) {
    return journal.claims().claim(pipeline, LocalDate.parse(date), clusterId, false);
  }

  Run ended(RunState state) {
    Run run = claim();
    TestRuns.end(journal, run, state, Optional.empty());
    return run;
  }

  ClusterSession session(Run run) {
    return journal.sessions().of(run).orElseThrow();
  }
}
