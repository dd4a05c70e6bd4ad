package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.Strike.Place;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
  private static final int MESSAGES = 80;

  private static ChaosPlan plan(long seed) {
    return ChaosPlan.of(seed, shape -> MESSAGES);
  }

  private static List<ChaosPlan> many() {
    return IntStream.range(0, 300).mapToObj(i -> plan(ChaosPlan.seedOf(1, i))).toList();
  }

  @Test
  void seedDecidesAll() {
    assertThat(plan(7)).isEqualTo(plan(7)).isNotEqualTo(plan(8));
  }

  @Test
  void runIsRepeatedByItsOwnSeed() {
    long own = ChaosPlan.seedOf(7, 3);
    assertThat(ChaosPlan.seedOf(own, 0)).isEqualTo(own);
  }

  @Test
  void everyRunHasADeathAndManyHaveEveryKindOfDisturbance() {
    assertThat(many())
        .allMatch(plan -> plan.disturbances().stream().anyMatch(Disturbance::isDeath));
    assertThat(many())
        .flatExtracting(ChaosPlan::disturbances)
        .extracting(Disturbance::kind)
        .contains(Disturbance.Kind.values());
  }

  @Test
  void strikesComeAtMessagesOfAnUndisturbedRunInTheirOrder() {
    for (ChaosPlan plan : many()) {
      assertThat(plan.disturbances())
          .extracting(each -> each.at().message())
          .isSorted()
          .allMatch(message -> message >= 0 && message <= MESSAGES);
    }
    assertThat(many())
        .flatExtracting(ChaosPlan::disturbances)
        .extracting(each -> each.at().place())
        .contains(Place.values());
    assertThat(many())
        .flatExtracting(ChaosPlan::disturbances)
        .allMatch(each -> each.at().message() > 0 || each.at().place() == Place.BETWEEN_RUNS);
  }

  @Test
  void onlySessionsOfSeveralRunsAreStruckBetweenTwo() {
    assertThat(many())
        .filteredOn(
            plan ->
                plan.disturbances().stream()
                    .anyMatch(each -> each.at().place() == Place.BETWEEN_RUNS))
        .hasSizeGreaterThan(10)
        .allMatch(plan -> plan.shape().dates() == 3);
  }

  @Test
  void allShapesAreDrawn() {
    assertThat(many()).extracting(ChaosPlan::shape).contains(Shape.ALL.toArray(Shape[]::new));
    assertThat(many()).allMatch(plan -> ChaosPlan.shapeOf(plan.seed()).equals(plan.shape()));
  }
}
