package dev.caravan.processors.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.notifications.DeliveryRule.Answer;
import dev.caravan.processors.notifications.DeliveryRule.Next;
import dev.caravan.processors.notifications.DeliveryRule.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryRuleTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private static Answer answer(int status, String retryAfter, String body) {
    return new Answer(
        Optional.of(status),
        Optional.empty(),
        Optional.of(retryAfter).filter(text -> !text.isEmpty()),
        body);
  }

  private static Answer noAnswer() {
    return new Answer(Optional.empty(), Optional.of("refused"), Optional.empty(), "");
  }

  private static Verdict decide(TargetForm form, Answer answer, int attempts, Duration age) {
    return DeliveryRule.decide(form, answer, attempts, age, false, NOW);
  }

  @Test
  void anyStatusOfSuccessIsDelivered() {
    assertThat(decide(TargetForm.CHAT, answer(204, "", ""), 1, YOUNG).next()).isEqualTo(Next.SENT);
  }

  @Test
  void mailWithoutAnErrorIsDelivered() {
    Answer sent = new Answer(Optional.empty(), Optional.empty(), Optional.empty(), "");
    assertThat(decide(TargetForm.MAIL, sent, 1, YOUNG).next()).isEqualTo(Next.SENT);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "3, 40", "8, 1280", "9, 1800", "60, 1800"})
  void pauseDoublesUpToABound(int attempts, long seconds) {
    assertThat(decide(TargetForm.CHAT, noAnswer(), attempts, YOUNG))
        .isEqualTo(new Verdict(Next.RETRY, Duration.ofSeconds(seconds)));
  }

  @Test
  void isGivenUpOnceItsTimeIsOver() {
    Duration day = Duration.ofHours(24);
    assertThat(decide(TargetForm.CHAT, noAnswer(), 1, day.minusSeconds(10)).next())
        .isEqualTo(Next.RETRY);
    assertThat(decide(TargetForm.CHAT, noAnswer(), 1, day.minusSeconds(9)).next())
        .isEqualTo(Next.GIVE_UP);
    assertThat(decide(TargetForm.PING, noAnswer(), 1, Duration.ofHours(1)).next())
        .isEqualTo(Next.GIVE_UP);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void bodyThatIsRefusedIsNotSentAgain(int status) {
    assertThat(decide(TargetForm.CHAT, answer(status, "", ""), 1, YOUNG).next())
        .isEqualTo(Next.GIVE_UP);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 404, 408, 500, 502, 503})
  void whatAPersonOrTimeMayMendIsTriedAgain(int status) {
    assertThat(decide(TargetForm.CHAT, answer(status, "", ""), 1, YOUNG).next())
        .isEqualTo(Next.RETRY);
  }

  @Test
  void telegramsRefusalOfMarkupIsSentAgainPlainOnce() {
    Answer refused = answer(400, "", "{\"ok\":false,\"description\":\"can't parse entities\"}");
    assertThat(DeliveryRule.decide(TargetForm.TELEGRAM, refused, 1, YOUNG, false, NOW).next())
        .isEqualTo(Next.RETRY_PLAIN);
    assertThat(DeliveryRule.decide(TargetForm.TELEGRAM, refused, 2, YOUNG, true, NOW).next())
        .isEqualTo(Next.GIVE_UP);
  }

  @Test
  void tooManyRequestsHoldTheTargetForAsLongAsItAsks() {
    assertThat(decide(TargetForm.CHAT, answer(429, "77", "slow down"), 1, YOUNG))
        .isEqualTo(new Verdict(Next.HOLD, Duration.ofSeconds(77)));
    assertThat(decide(TargetForm.CHAT, answer(429, "Fri, 2 Jan 2026 03:05:05 GMT", ""), 1, YOUNG))
        .isEqualTo(new Verdict(Next.HOLD, Duration.ofSeconds(60)));
    assertThat(
            decide(
                TargetForm.TELEGRAM,
                answer(429, "", "{\"ok\":false,\"parameters\":{\"retry_after\":35}}"),
                1,
                YOUNG))
        .isEqualTo(new Verdict(Next.HOLD, Duration.ofSeconds(35)));
    assertThat(decide(TargetForm.CHAT, answer(429, "soon", ""), 1, YOUNG))
        .as("without a readable time: as any other failure")
        .isEqualTo(new Verdict(Next.HOLD, Duration.ofSeconds(10)));
  }
}
