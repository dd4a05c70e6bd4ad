package dev.caravan.processors.notifications;

import java.util.Locale;

/** What a target understands. */
public enum TargetForm {
  /** {@code {"text": ...}}: Slack, Mattermost, Discord and their kind. */
  CHAT,
  /** The webhook of Prometheus' Alertmanager, version 4. */
  ALERTMANAGER,
  /** Caravan's own JSON. */
  JSON,
  /** A Telegram bot's {@code sendMessage}. */
  TELEGRAM,
  /** An e-mail. */
  MAIL,
  /** A dead man's switch by the convention of Healthchecks. */
  PING;

  /** As settings and routes call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
