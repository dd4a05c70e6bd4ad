package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.caravan.cloud.chaos.Strike.Place;
import dev.caravan.cloud.chaos.SweepPoint.What;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepPointTest {
  @Test
  void everyMessageIsStruckOnceForEachProcess() {
    List<SweepPoint> points = SweepPoint.of(1, 9, EnumSet.allOf(What.class), false);

    assertThat(points).hasSize(18).doesNotHaveDuplicates();
    for (What what : What.values()) {
      assertThat(points.stream().filter(point -> point.what() == what))
          .extracting(SweepPoint::message)
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThat(points)
        .extracting(SweepPoint::place)
        .containsOnly(Place.BEFORE, Place.BEFORE_ANSWER, Place.AFTER_ANSWER);
  }

  @Test
  void allPlacesAndARestFromAMessageOn() {
    assertThat(SweepPoint.of(4, 5, Set.of(What.ORCHESTRATOR), true))
        .extracting(SweepPoint::toString)
        .containsExactly(
            "4:before:orchestrator",
            "4:before-answer:orchestrator",
            "4:after-answer:orchestrator",
            "5:before:orchestrator",
            "5:before-answer:orchestrator",
            "5:after-answer:orchestrator");
  }

  @Test
  void pointIsReadAsItIsWritten() {
    for (SweepPoint point : SweepPoint.of(7, 8, EnumSet.allOf(What.class), true)) {
      assertThat(SweepPoint.parse(point.toString())).isEqualTo(point);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "7:before",
        "0:before:endpoint",
        "x:before:endpoint",
        "7:now:endpoint",
        "7:between-runs:endpoint",
        "7:before:cloud",
        "7:before:endpoint:x"
      })
  void nonsenseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SweepPoint.parse(text))
        .withMessageContaining("is not k:place:what");
  }
}
