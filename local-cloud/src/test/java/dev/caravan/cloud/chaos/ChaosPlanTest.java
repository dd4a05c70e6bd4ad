package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
  @Test
  void seedDecidesAll() {
    assertThat(ChaosPlan.of(7)).isEqualTo(ChaosPlan.of(7)).isNotEqualTo(ChaosPlan.of(8));
  }

  @Test
  void runIsRepeatedByItsOwnSeed() {
    long own = ChaosPlan.seedOf(7, 3);
    assertThat(ChaosPlan.seedOf(own, 0)).isEqualTo(own);
  }

  @Test
  void everyRunHasADeathAndManyHaveEveryKindOfDisturbance() {
    List<ChaosPlan> plans =
        IntStream.range(0, 300).mapToObj(i -> ChaosPlan.of(ChaosPlan.seedOf(1, i))).toList();

    assertThat(plans).allMatch(plan -> plan.disturbances().stream().anyMatch(Disturbance::isDeath));
    assertThat(plans)
        .flatExtracting(ChaosPlan::disturbances)
        .extracting(Disturbance::kind)
        .contains(Disturbance.Kind.values());
  }
}
