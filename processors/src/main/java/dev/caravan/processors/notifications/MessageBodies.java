package dev.caravan.processors.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.Sha256;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is sent to each kind of target, of one alarm or of several of one backfill. */
public final class MessageBodies {
  /** Discord's, the smallest of those who take a chat message; in UTF-16 units. */
  private static final int LONGEST_CHAT = 2000;

  /** Telegram's, of the text without its markup; in UTF-16 units. */
  private static final int LONGEST_TELEGRAM = 4096;

  /** How many alarms of a backfill are told in full. */
  private static final int MOST_IN_FULL = 3;

  /** What Alertmanager sends for an alarm that is not over. */
  private static final Instant NO_END = Instant.parse("0001-01-01T00:00:00Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  private MessageBodies() {}

  /** One line: the subject of an e-mail. */
  public static String title(List<AlarmMessage> messages, Optional<Long> backfill) {
    AlarmMessage first = messages.get(0);
    if (messages.size() == 1) {
      return first.title();
    }
    return "Backfill %s of %s: %d dates %s"
        .formatted(
            backfill.map(String::valueOf).orElse("?"),
            first.pipeline().orElse("?"),
            messages.size(),
            first.cleared() ? "have succeeded" : "failed");
  }

  /** The whole message as plain text; the first line is the title. */
  public static String text(List<AlarmMessage> messages, Optional<Long> backfill) {
    return title(messages, backfill) + "\n" + rest(messages);
  }

  private static String rest(List<AlarmMessage> messages) {
    if (messages.size() == 1) {
      return String.join("\n", messages.get(0).lines());
    }
    String dates =
        messages.stream()
            .map(message -> message.date().orElse(message.alarm().subject()))
            .collect(Collectors.joining(", "));
    String inFull =
        messages.get(0).cleared()
            ? ""
            : messages.stream()
                .limit(MOST_IN_FULL)
                .map(message -> "\n\n" + message.text())
                .collect(Collectors.joining());
    return dates + inFull;
  }

  /** For Slack, Mattermost and Discord: plain, since their markup differs. */
  public static String chat(List<AlarmMessage> messages, Optional<Long> backfill) {
    return json(Map.of("text", cut(text(messages, backfill), LONGEST_CHAT)));
  }

  /**
   * For {@code sendMessage} of Telegram's bot API.
   *
   * @param plain without markup, for a text whose markup was refused
   */
  public static String telegram(
      String chat, List<AlarmMessage> messages, Optional<Long> backfill, boolean plain) {
    // Cut before the markup: a tag or an entity that is cut in two is refused.
    String text = cut(text(messages, backfill), LONGEST_TELEGRAM);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("chat_id", chat);
    body.put("link_preview_options", Map.of("is_disabled", true));
    if (plain) {
      body.put("text", text);
    } else {
      int title = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
      body.put(
          "text", "<b>" + html(text.substring(0, title)) + "</b>" + html(text.substring(title)));
      body.put("parse_mode", "HTML");
    }
    return json(body);
  }

  /** The three characters that Telegram wants escaped. */
  private static String html(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** At most so many UTF-16 units, and no half of a character. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 3;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }

  /** The webhook of Alertmanager, version 4. */
  public static String alertmanager(
      String receiver, List<AlarmMessage> messages, Optional<Long> backfill) {
    AlarmMessage first = messages.get(0);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", "4");
    body.put(
        "groupKey",
        backfill
            .filter(id -> messages.size() > 1)
            .map(id -> "caravan:backfill:" + id)
            .orElse("caravan:" + first.alarm().key()));
    body.put("truncatedAlerts", 0);
    body.put("status", status(first));
    body.put("receiver", receiver);
    body.put("groupLabels", Map.of("alertname", alertName(first)));
    body.put("commonLabels", Map.of("alertname", alertName(first)));
    body.put("commonAnnotations", Map.of());
    body.put("externalURL", url(first));
    body.put("alerts", messages.stream().map(MessageBodies::alert).toList());
    return json(body);
  }

  private static Map<String, Object> alert(AlarmMessage message) {
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put("alertname", alertName(message));
    labels.put("severity", message.isSevere() ? "critical" : "warning");
    labels.put("subject", message.alarm().subject());
    message.pipeline().ifPresent(pipeline -> labels.put("pipeline", pipeline));
    message.date().ifPresent(date -> labels.put("date", date));
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("summary", message.title());
    annotations.put("description", message.alarm().detail());
    annotations.put("action", message.advice());
    message.alarm().runId().ifPresent(run -> annotations.put("run", run));
    Map<String, Object> alert = new LinkedHashMap<>();
    alert.put("status", status(message));
    alert.put("labels", labels);
    alert.put("annotations", annotations);
    alert.put("startsAt", message.alarm().raisedAt().toString());
    alert.put("endsAt", end(message).toString());
    alert.put("generatorURL", url(message));
    alert.put("fingerprint", fingerprint(message.alarm().key().toString()));
    return alert;
  }

  /** Not before the message that it is over: the alarm may be over when this is sent. */
  private static Instant end(AlarmMessage message) {
    return message.cleared() ? message.alarm().clearedAt().orElse(NO_END) : NO_END;
  }

  private static String status(AlarmMessage message) {
    return message.cleared() ? "resolved" : "firing";
  }

  /** CaravanRunFailed. */
  private static String alertName(AlarmMessage message) {
    StringBuilder name = new StringBuilder("Caravan");
    for (String word : message.alarm().kind().name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }

  private static String url(AlarmMessage message) {
    return message.link().filter(link -> link.startsWith("http")).orElse("");
  }

  /** 64 bits in hexadecimal digits, the same for the same alarm. */
  private static String fingerprint(String key) {
    return Sha256.hex(key).substring(0, 16);
  }

  /** Caravan's own form; docs/alarms.md has its fields. */
  public static String plainJson(List<AlarmMessage> messages, Optional<Long> backfill) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", 1);
    body.put("status", messages.get(0).cleared() ? "cleared" : "raised");
    body.put("title", title(messages, backfill));
    backfill.ifPresent(id -> body.put("backfill", id));
    body.put("alarms", messages.stream().map(MessageBodies::alarm).toList());
    return json(body);
  }

  private static Map<String, Object> alarm(AlarmMessage message) {
    Map<String, Object> alarm = new LinkedHashMap<>();
    alarm.put("kind", message.alarm().kind().name());
    alarm.put("subject", message.alarm().subject());
    alarm.put("title", message.title());
    message.alarm().runId().ifPresent(run -> alarm.put("run", run));
    message.pipeline().ifPresent(pipeline -> alarm.put("pipeline", pipeline));
    message.date().ifPresent(date -> alarm.put("date", date));
    alarm.put("raisedAt", message.alarm().raisedAt().toString());
    if (message.cleared()) {
      message.alarm().clearedAt().ifPresent(at -> alarm.put("clearedAt", at.toString()));
    }
    alarm.put("detail", message.alarm().detail());
    alarm.put("action", message.advice());
    message.link().ifPresent(link -> alarm.put("link", link));
    return alarm;
  }

  private static String json(Map<String, Object> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON", e);
    }
  }
}
