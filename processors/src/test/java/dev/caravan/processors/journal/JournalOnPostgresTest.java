package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.MutableClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a real PostgreSQL server, which several orchestrators may share. */
@Tag("slow")
@ExtendWith(SharedPostgres.class)
class JournalOnPostgresTest extends JournalContract {
  private static LocalPostgres server;
  private static JournalConfig config;

  @BeforeAll
  static void open() throws Exception {
    open(TestDatabase.postgres());
    server = SharedPostgres.server();
    config = database.config();
  }

  private static JournalConfig config(String url, String password, Duration ttl) {
    return new JournalConfig(
        url, Optional.of(new JournalConfig.Login(server.user(), password)), ttl);
  }

  @Test
  void takeoverThatTheFirstHolderFindsOutIsAnAlarmUntilTheRunHasEnded() throws Exception {
    String url = server.newDatabase("taken_over");
    JournalConfig here = config(url, "ignored", Duration.ofSeconds(1));
    try (Journal first = Journal.open(here, CLOCK);
        Journal second = Journal.open(here, CLOCK)) {
      Run run = TestRuns.claim(first, pipeline, DATE, false);
      try (Connection connection = DriverManager.getConnection(url, server.user(), "");
          Statement statement = connection.createStatement()) {
        // Until then the first renews it.
        org.awaitility.Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  statement.execute("update claim set lapses_at = now() - interval '1 hour'");
                  return second.claims().claim(pipeline, DATE, "c-" + pipeline + "-" + DATE, false)
                      instanceof Claim.Taken;
                });
      }

      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(second.alarms().raised())
                      .extracting(Alarm::key)
                      .containsExactly(new Alarm.Key(AlarmKind.RUN_TAKEN_OVER, run.id())));
      TestRuns.end(second, run, RunState.FAILED, Optional.empty());
      assertThat(second.alarms().raised())
          .as("of the takeover nothing is left, and the date has failed")
          .extracting(Alarm::key)
          .containsExactly(new Alarm.Key(AlarmKind.RUN_FAILED, pipeline + "/" + DATE));
    }
  }

  @Test
  void secondOrchestratorTakesOverWhenTheClaimOfTheFirstHasLapsedWhateverItsClockSays() {
    MutableClock wrong = new MutableClock(Instant.parse("2031-01-01T00:00:00Z"));
    try (Journal second = Journal.open(config, wrong)) {
      Run run = TestRuns.claim(journal, pipeline, DATE, false);
      assertThat(second.claims().claim(pipeline, DATE, "c-" + pipeline + "-" + DATE, false))
          .isInstanceOf(Claim.Held.class);

      die();

      assertThat(TestRuns.claim(second, pipeline, DATE, false)).isEqualTo(run);
      assertThat(second.claims().isHeld(run)).isTrue();
      assertThat(journal.claims().isHeld(run)).isFalse();
      assertThatExceptionOfType(RunLostException.class)
          .isThrownBy(() -> TestRuns.end(journal, run, RunState.FAILED, Optional.empty()));
      TestRuns.end(second, run, RunState.SUCCEEDED, Optional.empty());
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(second.events().of(run))
                      .as("the loss that a write found out is told, and over with the run")
                      .extracting(RunEvent::kind)
                      .contains(RunEvent.Kind.ALARM_RAISED, RunEvent.Kind.ALARM_CLEARED));
      assertThat(second.alarms().raised()).extracting(Alarm::subject).doesNotContain(run.id());
    }
  }

  @Test
  void orchestratorFrozenWithinTransactionDoesNotKeepOthersFromTakingOver() {
    Run run = TestRuns.claim(journal, pipeline, DATE, false);
    die();
    try (Database frozen = Database.open(config);
        Handle handle = frozen.jdbi.open();
        Journal second = Journal.open(config, CLOCK)) {
      handle.begin();
      handle.execute("update claim set owner = owner where run_id = ?", run.id());

      assertThat(TestRuns.claim(second, pipeline, DATE, false)).isEqualTo(run);

      assertThatExceptionOfType(JdbiException.class).isThrownBy(handle::commit);
      TestRuns.end(second, run, RunState.SUCCEEDED, Optional.empty());
    }
  }

  @Test
  void serverThatIsGoneForLongerThanAClaimLivesLeavesTheRunToOthers() throws Exception {
    String url = server.newDatabase("goes_away");
    JournalConfig here = config(url, "ignored", Duration.ofSeconds(1));
    try (Journal mine = Journal.open(here, CLOCK)) {
      Run run = TestRuns.claim(mine, pipeline, DATE, false);
      assertThat(mine.claims().isHeld(run)).isTrue();
      server.execute("alter database goes_away with allow_connections false");
      server.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'goes_away'");

      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !mine.claims().isHeld(run));

      server.execute("alter database goes_away with allow_connections true");
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> mine.claims().isHeld(run));
    }
  }

  @Test
  void serverThatDoesNotAnswerIsOneSentenceWithoutThePassword() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(
            () ->
                Journal.open(
                        config(
                            "jdbc:postgresql://127.0.0.1:9/journal?x=1",
                            "s3cr3t",
                            Duration.ofSeconds(60)),
                        CLOCK)
                    .close())
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith("The journal at jdbc:postgresql://127.0.0.1:9/journal can't be")
                    .doesNotContain("s3cr3t"));
  }
}
