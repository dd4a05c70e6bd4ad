package dev.caravan.processors.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.processors.journal.StepRecord;
import dev.caravan.processors.journal.TestRuns;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCostTest {
  private static final Instant START = Instant.parse("2026-11-10T01:00:00Z");

  /** A second costs one. */
  private static final Prices PRICES =
      new Prices("RUB", Rate.parse("3600"), Rate.parse("60"), Rate.parse("5"));

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private static ClusterSession session(SessionState state, Optional<Long> stopped) {
    return new ClusterSession(
        1,
        "c",
        true,
        state,
        START,
        Optional.empty(),
        Optional.of(at(100)),
        stopped.map(second -> at(second - 30)),
        stopped.map(SessionCostTest::at));
  }

  private static Run run(int day) {
    return TestRuns.running("marts", LocalDate.of(2026, 11, day), 1, "c", START);
  }

  private static JobRun attempt(Run run, JobState state, long from, Optional<Long> until) {
    return new JobRun(
        run.id(),
        "mart",
        1,
        state,
        "key-" + from,
        Optional.empty(),
        Optional.empty(),
        at(from),
        until.map(SessionCostTest::at),
        Optional.empty(),
        Optional.empty(),
        1,
        false);
  }

  private static StepRecord step(Run run, RunStep step, long from, long until) {
    return new StepRecord(run.id(), step, "", at(from), Optional.of(at(until)));
  }

  private static void assertSpent(SessionCost cost, Phase phase, long seconds, String amount) {
    Spent spent = cost.phases().getOrDefault(phase, Spent.NOTHING);
    assertThat(spent.time()).as(phase.name()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(spent.amount()).as(phase.name()).isEqualByComparingTo(amount);
  }

  /** Two runs: one whose first attempt fails, one that is verified while nothing else is done. */
  private static SessionRecord night(ClusterSession session) {
    Run first = run(8);
    Run second = run(9);
    return new SessionRecord(
        session,
        List.of(
            new ClusterStatusInterval(1, "STOPPED", at(0), Optional.of(at(10))),
            new ClusterStatusInterval(1, "STARTING", at(10), Optional.of(at(100))),
            new ClusterStatusInterval(1, "RUNNING", at(100), Optional.empty())),
        List.of(first, second),
        List.of(
            attempt(first, JobState.FAILED, 120, Optional.of(150L)),
            attempt(first, JobState.VERIFIED, 160, Optional.of(200L)),
            attempt(second, JobState.SUBMITTED, 220, Optional.empty())),
        List.of(
            step(first, RunStep.START_CLUSTER, 0, 5),
            step(first, RunStep.AWAIT_CLUSTER, 5, 120),
            step(first, RunStep.VERIFY_OUTPUT, 190, 210)));
  }

  @Test
  void timeGoesToWhatIsDoneInIt() {
    SessionCost cost =
        SessionCost.of(night(session(SessionState.RUNNING, Optional.empty())), PRICES, at(260));

    assertSpent(cost, Phase.START, 110, "115");
    assertSpent(cost, Phase.FAILED_JOBS, 30, "30");
    assertSpent(cost, Phase.JOBS, 80, "80");
    assertSpent(cost, Phase.VERIFICATION, 10, "10");
    assertSpent(cost, Phase.IDLE, 20, "20");
    assertSpent(cost, Phase.STOP, 0, "0");
    assertThat(cost.total().time()).as("without the time it was stopped").hasSeconds(250);
    assertThat(cost.total().amount()).isEqualByComparingTo("255");
  }

  @Test
  void runBearsItsOwnWorkAndAnEqualPartOfTheRest() {
    SessionCost cost =
        SessionCost.of(night(session(SessionState.RUNNING, Optional.empty())), PRICES, at(260));

    assertThat(cost.runs().get(0).work()).hasSeconds(80);
    assertThat(cost.runs().get(0).amount()).isEqualByComparingTo("147.5");
    assertThat(cost.runs().get(1).work()).hasSeconds(40);
    assertThat(cost.runs().get(1).amount()).isEqualByComparingTo("107.5");
  }

  @Test
  void sessionThatIsOverEndsWithItsStopWhateverTheTimeNow() {
    SessionRecord record = night(session(SessionState.STOPPED, Optional.of(300L)));

    SessionCost cost = SessionCost.of(record, PRICES, at(1_000_000));

    assertThat(cost.total().time()).hasSeconds(290);
    assertSpent(cost, Phase.JOBS, 120, "120");
    assertThat(cost).isEqualTo(SessionCost.of(record, PRICES, at(300)));
  }

  @Test
  void stopIsItsOwnTimeOnceNothingIsDone() {
    Run run = run(8);
    SessionCost cost =
        SessionCost.of(
            new SessionRecord(
                session(SessionState.STOPPED, Optional.of(300L)),
                List.of(),
                List.of(run),
                List.of(attempt(run, JobState.KILLED, 200, Optional.of(280L))),
                List.of()),
            PRICES,
            at(300));

    assertSpent(cost, Phase.START, 100, "105");
    assertSpent(cost, Phase.IDLE, 100, "100");
    assertSpent(cost, Phase.FAILED_JOBS, 80, "80");
    assertSpent(cost, Phase.STOP, 20, "20");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void phasesAndRunsEachAddUpToTheSession(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<Run> runs = new ArrayList<>();
      List<JobRun> attempts = new ArrayList<>();
      List<StepRecord> steps = new ArrayList<>();
      for (int day = 1; day <= 1 + random.nextInt(4); day++) {
        Run run = run(day);
        runs.add(run);
        for (int each = 0; each < random.nextInt(4); each++) {
          long from = random.nextInt(400);
          long until = from + random.nextInt(200);
          JobState state = JobState.values()[random.nextInt(JobState.values().length)];
          attempts.add(attempt(run, state, from, Optional.of(until)));
          RunStep step = RunStep.values()[random.nextInt(RunStep.values().length)];
          steps.add(step(run, step, until, until + random.nextInt(60)));
        }
      }
      SessionCost cost =
          SessionCost.of(
              new SessionRecord(
                  session(SessionState.STOPPED, Optional.of(360L)),
                  List.of(),
                  runs,
                  attempts,
                  steps),
              new Prices("RUB", Rate.parse("33.37"), Rate.NONE, Rate.parse("0.01")),
              at(999));

      assertThat(cost.total().time()).hasSeconds(360);
      assertThat(sum(cost.runs().stream().map(SessionCost.RunShare::amount).toList()))
          .isEqualByComparingTo(cost.total().amount());
      assertThat(sum(cost.phases().values().stream().map(Spent::amount).toList()))
          .isEqualByComparingTo(cost.total().amount());
      assertThat(cost.runs()).allMatch(share -> share.amount().signum() >= 0);
    }
  }

  private static BigDecimal sum(List<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void monthHasItsDisksItsForecastAndWhatItWouldCostAlwaysOn() {
    SessionCost session =
        SessionCost.of(night(session(SessionState.STOPPED, Optional.of(300L))), PRICES, at(300));
    YearMonth november = YearMonth.of(2026, 11);

    ClusterCost cost =
        new ClusterCost(PRICES, november, Instant.parse("2026-11-16T00:00:00Z"), List.of(session));

    assertThat(cost.phases()).isEqualTo(Map.copyOf(session.phases()));
    assertThat(cost.disks()).as("half of the month").isEqualByComparingTo("21600");
    assertThat(cost.total()).isEqualByComparingTo("21895");
    assertThat(cost.forecast()).isEqualByComparingTo("43790");
    assertThat(cost.alwaysOn()).isEqualByComparingTo("1317600");
    ClusterCost later =
        new ClusterCost(PRICES, november, Instant.parse("2027-03-01T00:00:00Z"), List.of(session));
    assertThat(later.forecast()).as("the month is over").isEqualByComparingTo(later.total());
  }

  @Test
  void monthThatHasNotBegunCostsNothingYet() {
    ClusterCost cost = new ClusterCost(PRICES, YearMonth.of(2027, 2), START, List.of());

    assertThat(cost.total()).isZero();
    assertThat(cost.forecast()).isEqualByComparingTo("40320");
  }
}
