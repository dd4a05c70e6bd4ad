package dev.caravan.processors.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageBodiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant RAISED = Instant.parse("2026-01-03T01:00:00Z");
  private static final Optional<String> NO_SERVER = Optional.empty();

  private static Alarm alarm(String date, String detail, Optional<Instant> cleared) {
    return new Alarm(
        AlarmKind.RUN_FAILED,
        "marts/" + date,
        Optional.of("marts/" + date + "/2"),
        RAISED,
        Optional.empty(),
        cleared,
        detail);
  }

  private static List<AlarmMessage> failed(String detail) {
    return List.of(
        AlarmMessage.of(alarm("2026-01-02", detail, Optional.empty()), false, NO_SERVER));
  }

  private static List<AlarmMessage> recovered() {
    Instant cleared = RAISED.plusSeconds(2 * 3600 + 5 * 60);
    return List.of(
        AlarmMessage.of(alarm("2026-01-02", "x", Optional.of(cleared)), true, NO_SERVER));
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  @Test
  void chatSaysWhichDateWhyWhatToDoAndWhereMoreIs() throws IOException {
    JsonNode body = json(MessageBodies.chat(failed("load: no space left"), Optional.empty()));

    assertThat(body.fieldNames()).toIterable().containsExactly("text");
    assertThat(body.get("text").asText())
        .isEqualTo(
            """
            marts 2026-01-02 failed
            load: no space left
            The data of this date is missing or incomplete. Correct the cause, then repair it: caravan run --pipeline marts --only-failed --date 2026-01-02
            caravan show marts/2026-01-02/2""");
  }

  @Test
  void recoverySaysHowLongItLasted() throws IOException {
    assertThat(json(MessageBodies.chat(recovered(), Optional.empty())).get("text").asText())
        .isEqualTo(
            """
            Recovered: marts 2026-01-02 has succeeded
            It lasted 2 h 05 min.
            caravan show marts/2026-01-02/2""");
  }

  @Test
  void linkIsTheServersWhereOthersReachIt() {
    AlarmMessage message =
        AlarmMessage.of(
            alarm("2026-01-02", "x", Optional.empty()), false, Optional.of("https://etl:8180"));
    assertThat(message.text()).endsWith("https://etl:8180/page/runs/marts/2026-01-02/2");
  }

  @ParameterizedTest
  @EnumSource(AlarmKind.class)
  void eachKindHasWordsAndAdviceAndARecovery(AlarmKind kind) {
    Alarm alarm =
        new Alarm(
            kind,
            "subject",
            Optional.empty(),
            RAISED,
            Optional.empty(),
            Optional.empty(),
            "the cause");
    AlarmMessage raised = AlarmMessage.of(alarm, false, NO_SERVER);
    AlarmMessage cleared = AlarmMessage.of(alarm, true, NO_SERVER);

    assertThat(raised.title()).contains("subject");
    assertThat(raised.text()).contains("the cause").contains(raised.advice());
    assertThat(raised.advice()).endsWith(kind == AlarmKind.RUN_FAILED ? "subject" : ".");
    assertThat(cleared.title()).contains("subject").matches("(Recovered|Over): .*");
    assertThat(cleared.text()).doesNotContain("the cause");
  }

  @Test
  void backfillIsOneMessageOfAllItsDates() throws IOException {
    List<AlarmMessage> many = new ArrayList<>();
    for (int day = 1; day <= 7; day++) {
      many.add(
          AlarmMessage.of(
              alarm("2026-01-0" + day, "cause " + day, Optional.empty()), false, NO_SERVER));
    }
    String text = json(MessageBodies.chat(many, Optional.of(3L))).get("text").asText();

    assertThat(text)
        .startsWith("Backfill 3 of marts: 7 dates failed\n2026-01-01, 2026-01-02,")
        .contains("2026-01-07", "cause 1", "cause 3")
        .doesNotContain("cause 4");
    assertThat(json(MessageBodies.alertmanager("ops", many, Optional.of(3L))).get("alerts"))
        .hasSize(7);
    assertThat(json(MessageBodies.plainJson(many, Optional.of(3L))).get("backfill").asLong())
        .isEqualTo(3);
  }

  @Test
  void alertmanagerGetsVersionFourWithAFingerprintThatStaysTheSame() throws IOException {
    JsonNode firing = json(MessageBodies.alertmanager("ops", failed("boom"), Optional.empty()));
    JsonNode resolved = json(MessageBodies.alertmanager("ops", recovered(), Optional.empty()));
    JsonNode alert = firing.get("alerts").get(0);

    assertThat(firing.get("version").asText()).isEqualTo("4");
    assertThat(firing.get("status").asText()).isEqualTo("firing");
    assertThat(firing.get("receiver").asText()).isEqualTo("ops");
    assertThat(alert.get("labels").get("alertname").asText()).isEqualTo("CaravanRunFailed");
    assertThat(alert.get("labels").get("pipeline").asText()).isEqualTo("marts");
    assertThat(alert.get("annotations").get("description").asText()).isEqualTo("boom");
    assertThat(alert.get("startsAt").asText()).isEqualTo("2026-01-03T01:00:00Z");
    assertThat(alert.get("endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
    assertThat(alert.get("fingerprint").asText()).matches("[0-9a-f]{16}");
    JsonNode over = resolved.get("alerts").get(0);
    assertThat(resolved.get("status").asText()).isEqualTo("resolved");
    assertThat(over.get("endsAt").asText()).isEqualTo("2026-01-03T03:05:00Z");
    assertThat(over.get("fingerprint")).isEqualTo(alert.get("fingerprint"));
    assertThat(resolved.get("groupKey")).isEqualTo(firing.get("groupKey"));
  }

  @Test
  void plainJsonHasTheRunAsFields() throws IOException {
    JsonNode body = json(MessageBodies.plainJson(failed("boom"), Optional.empty()));
    JsonNode alarm = body.get("alarms").get(0);

    assertThat(body.get("status").asText()).isEqualTo("raised");
    assertThat(alarm.get("kind").asText()).isEqualTo("RUN_FAILED");
    assertThat(alarm.get("run").asText()).isEqualTo("marts/2026-01-02/2");
    assertThat(alarm.get("date").asText()).isEqualTo("2026-01-02");
    assertThat(alarm.has("clearedAt")).isFalse();
  }

  @Test
  void telegramEscapesWhatIsMarkupThere() throws IOException {
    JsonNode body =
        json(MessageBodies.telegram("-100", failed("a < b && c > d"), Optional.empty(), false));

    assertThat(body.get("chat_id").asText()).isEqualTo("-100");
    assertThat(body.get("parse_mode").asText()).isEqualTo("HTML");
    assertThat(body.get("text").asText())
        .startsWith("<b>marts 2026-01-02 failed</b>\na &lt; b &amp;&amp; c &gt; d\n");
    JsonNode plain = json(MessageBodies.telegram("-100", failed("a < b"), Optional.empty(), true));
    assertThat(plain.has("parse_mode")).isFalse();
    assertThat(plain.get("text").asText()).startsWith("marts 2026-01-02 failed\na < b\n");
  }

  /** Seven long causes exceed it. */
  @Test
  void telegramIsCutBeforeItsMarkup() throws IOException {
    List<AlarmMessage> many = new ArrayList<>();
    for (int day = 1; day <= 9; day++) {
      many.addAll(failed("<".repeat(2000)));
    }
    String text =
        json(MessageBodies.telegram("1", many, Optional.of(1L), false)).get("text").asText();

    String shown =
        text.replaceAll("</?b>", "")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    assertThat(shown.length()).isLessThanOrEqualTo(4096);
    assertThat(text).contains("&lt;").doesNotContain("<<").doesNotContainPattern("&[lgt]{1,2}\\.");
  }

  @Test
  void noCharacterIsCutInTwo() {
    String text = MessageBodies.cut("\uD83D\uDE00".repeat(10), 12);
    assertThat(text.length()).isLessThanOrEqualTo(12);
    assertThat(text).isEqualTo("\uD83D\uDE00".repeat(4) + "...");
    assertThat(MessageBodies.cut("short", 12)).isEqualTo("short");
  }
}
