package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.MessageCounter.Message;
import dev.caravan.cloud.chaos.Strike.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageCounterTest {
  private final MessageCounter counter = new MessageCounter();
  private final List<Integer> struck = new ArrayList<>();

  private Message arrived() {
    return counter.arrived(Line.ORCHESTRATOR_TO_S3, "").orElseThrow();
  }

  private boolean note(Message message) {
    struck.add(message.number());
    return false;
  }

  @Test
  void linesShareOneNumbering() {
    assertThat(counter.arrived(Line.ORCHESTRATOR_TO_CLOUD, "").orElseThrow().number()).isEqualTo(1);
    assertThat(counter.arrived(Line.ENDPOINT_TO_CLOUD, "").orElseThrow().number()).isEqualTo(2);
    assertThat(counter.messages()).extracting(Message::number).containsExactly(1, 2);
  }

  @Test
  void journalIsCountedFromTheFirstMessageOfAnotherLineOn() {
    assertThat(counter.arrived(Line.ORCHESTRATOR_TO_JOURNAL, "")).isEmpty();
    assertThat(arrived().number()).isEqualTo(1);
    assertThat(counter.arrived(Line.ORCHESTRATOR_TO_JOURNAL, "").orElseThrow().number())
        .isEqualTo(2);
  }

  @Test
  void strikeComesOnceAtItsMessageAndPlace() {
    counter.arm(new Strike(2, Place.BEFORE_ANSWER), this::note);
    Message first = arrived();
    assertThat(counter.pass(first, Place.BEFORE_ANSWER)).isTrue();
    Message second = arrived();
    assertThat(counter.pass(second, Place.BEFORE)).isTrue();
    assertThat(counter.struck()).isEmpty();

    assertThat(counter.pass(second, Place.BEFORE_ANSWER)).isFalse();

    assertThat(counter.pass(arrived(), Place.BEFORE_ANSWER)).isTrue();
    assertThat(struck).containsExactly(2);
    assertThat(counter.disarm()).contains(second);
    assertThat(counter.struck()).as("of the next strike").isEmpty();
  }

  @Test
  void strikeAtAMessageThatHasPassedComesAtTheNext() {
    arrived();
    arrived();
    counter.arm(new Strike(1, Place.BEFORE), this::note);

    assertThat(counter.pass(arrived(), Place.BEFORE)).isFalse();

    assertThat(struck).containsExactly(3);
  }

  @Test
  void disarmedStrikeNeverComes() {
    counter.arm(new Strike(1, Place.BEFORE), this::note);

    assertThat(counter.disarm()).isEmpty();

    assertThat(counter.pass(arrived(), Place.BEFORE)).isTrue();
    assertThat(struck).isEmpty();
  }
}
