package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.cost.Budget;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.cost.Rate;
import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CheckBudgetsTest {
  /** A second costs one. */
  private static final Prices PRICES = new Prices("RUB", Rate.parse("3600"), Rate.NONE, Rate.NONE);

  @RegisterExtension final Stage stage = new Stage();
  private final List<CheckBudgets.Budgeted> budgeted = new ArrayList<>();
  private CheckBudgets step;

  @BeforeEach
  void create() {
    step = step(Map.of(stage.clusterId, PRICES));
    budget(1_000);
  }

  private CheckBudgets step(Map<String, Prices> prices) {
    return new CheckBudgets(stage.journal, () -> budgeted, prices, stage.clock);
  }

  private void budget(long amount) {
    budgeted.clear();
    budgeted.add(
        new CheckBudgets.Budgeted(stage.pipeline, new Budget(amount, 80), stage.clusterId));
  }

  private void check() {
    step.process(new DefaultExchange(stage.camel));
  }

  private Run begin() {
    Run run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.statuses().seen(run, "RUNNING");
    return run;
  }

  private void pass(long seconds) {
    stage.clock.pass(Duration.ofSeconds(seconds));
    check();
  }

  private List<String> alarms() {
    return stage.journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().startsWith(stage.pipeline + "/"))
        .map(alarm -> alarm.key() + ": " + alarm.detail())
        .toList();
  }

  private List<AlarmKind> kinds() {
    return stage.journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().startsWith(stage.pipeline + "/"))
        .map(Alarm::kind)
        .toList();
  }

  @Test
  void sessionThatGoesOnUsesTheBudgetUpAndEachAlarmComesOnce() {
    check();
    begin();
    pass(799);
    assertThat(alarms()).isEmpty();
    pass(60);
    String subject = stage.pipeline + "/2026-11";
    String warning = "BUDGET_WARNING " + subject + ": 859.00 of 1000 RUB are spent, 85 %";
    assertThat(alarms()).containsExactly(warning);
    pass(60);
    assertThat(alarms()).as("told once").containsExactly(warning);
    pass(141);
    pass(60);
    assertThat(alarms())
        .containsExactly(
            warning, "BUDGET_EXCEEDED " + subject + ": 1060.00 of 1000 RUB are spent, 106 %");
  }

  @Test
  void moneyThatIsSpentInOtherPipelinesRunsIsTheirs() {
    Run run = begin();
    pass(2_000);
    assertThat(kinds()).contains(AlarmKind.BUDGET_EXCEEDED);
    stage.journal.sessions().stopped(run);
    TestRuns.end(stage.journal, run, RunState.SUCCEEDED, Optional.empty());
    String other = stage.pipeline + "b";
    budgeted.add(new CheckBudgets.Budgeted(other, new Budget(1, 80), stage.clusterId));
    pass(60);

    assertThat(stage.journal.alarms().raised())
        .extracting(Alarm::subject)
        .noneMatch(subject -> subject.startsWith(other));
  }

  @Test
  void higherBudgetClearsThem() {
    begin();
    pass(1_100);
    assertThat(kinds()).containsExactly(AlarmKind.BUDGET_WARNING, AlarmKind.BUDGET_EXCEEDED);
    budget(1_400);
    pass(60);
    assertThat(kinds()).containsExactly(AlarmKind.BUDGET_WARNING);
    budget(100_000);
    pass(60);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void soDoesItsRemoval() {
    begin();
    pass(1_100);
    budgeted.clear();
    pass(60);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void soDoesTheNextMonth() {
    Run run = begin();
    pass(1_100);
    assertThat(kinds()).hasSize(2);
    stage.journal.sessions().stopped(run);
    TestRuns.end(stage.journal, run, RunState.SUCCEEDED, Optional.empty());
    pass(Duration.ofDays(10).toSeconds());

    assertThat(kinds()).isEmpty();
  }

  @Test
  void withoutAPriceNobodyKnows() {
    step = step(Map.of());
    begin();
    pass(100_000);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void amountsInAnotherCurrencyAreLeftOut() {
    step =
        step(
            Map.of(
                stage.clusterId,
                PRICES,
                "abroad",
                new Prices("EUR", Rate.parse("3600"), Rate.NONE, Rate.NONE)));
    budgeted.clear();
    budgeted.add(new CheckBudgets.Budgeted(stage.pipeline, new Budget(1_000, 80), "abroad"));
    begin();
    pass(2_000);
    assertThat(kinds()).isEmpty();
  }
}
