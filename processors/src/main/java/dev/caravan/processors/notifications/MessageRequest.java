package dev.caravan.processors.notifications;

import dev.caravan.processors.journal.Notification;
import dev.caravan.shared.settings.SecretFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is sent to a target: a Camel message for the component {@code http} or {@code mail}. Its
 * headers hold the target's secrets and are not for logs.
 *
 * @param mailEndpoint of mail the Camel endpoint; else empty text
 */
public record MessageRequest(String body, Map<String, Object> headers, String mailEndpoint) {
  /** How much Healthchecks keeps of a body, in bytes. */
  private static final int LONGEST_PING = 10_000;

  private static final String TELEGRAM = "https://api.telegram.org";

  /**
   * What the authenticator of a mail target is called in the registry, before the target's name.
   */
  public static final String MAIL_LOGIN = "mail-login-";

  /** What the trust of a mail target is called in the registry, before the target's name. */
  public static final String MAIL_TLS = "mail-tls-";

  /** The message for alarms of one target and kind; several are of one backfill. */
  public static MessageRequest ofAlarms(
      NotificationTarget target,
      List<AlarmMessage> messages,
      Optional<Long> backfill,
      boolean plain) {
    return switch (target.form()) {
      case CHAT -> post(target, address(target), MessageBodies.chat(messages, backfill));
      case ALERTMANAGER ->
          post(
              target,
              address(target),
              MessageBodies.alertmanager(target.name(), messages, backfill));
      case JSON -> post(target, address(target), MessageBodies.plainJson(messages, backfill));
      case TELEGRAM ->
          http(
              withoutSlash(target.url().map(NotificationTarget.Address::read).orElse(TELEGRAM))
                  + "/bot"
                  + target.token().map(SecretFile::readToken).orElseThrow()
                  + "/sendMessage",
              MessageBodies.telegram(target.chat().orElseThrow(), messages, backfill, plain),
              "application/json");
      case MAIL -> mail(target, messages, backfill);
      case PING -> throw new IllegalArgumentException("A monitor is told of runs only");
    };
  }

  /** The message that a run has begun or ended. */
  public static MessageRequest ping(
      NotificationTarget target, Notification.Kind kind, String reason) {
    String path =
        switch (kind) {
          case RUN_STARTED -> "/start";
          case RUN_FAILED -> "/fail";
          default -> "";
        };
    return http(withoutSlash(address(target)) + path, cut(reason), "text/plain; charset=UTF-8");
  }

  /** The sign of life of a server. */
  public static MessageRequest alive(NotificationTarget target, String words) {
    return http(address(target), words, "text/plain; charset=UTF-8");
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_PING
        ? text
        : new String(Arrays.copyOf(bytes, LONGEST_PING - 3), StandardCharsets.UTF_8);
  }

  private static String address(NotificationTarget target) {
    return target.url().map(NotificationTarget.Address::read).orElseThrow();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static MessageRequest post(NotificationTarget target, String url, String body) {
    MessageRequest request = http(url, body, "application/json");
    target
        .token()
        .ifPresent(token -> request.headers.put("Authorization", "Bearer " + token.readToken()));
    return request;
  }

  private static MessageRequest http(String url, String body, String contentType) {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("CamelHttpUri", url);
    headers.put("CamelHttpMethod", "POST");
    headers.put("Content-Type", contentType);
    return new MessageRequest(body, headers, "");
  }

  private static MessageRequest mail(
      NotificationTarget target, List<AlarmMessage> messages, Optional<Long> backfill) {
    MailRoute route = target.mail().orElseThrow();
    String scheme = route.server().getScheme();
    StringBuilder uri =
        new StringBuilder(scheme + "://" + route.server().getAuthority())
            .append("?connectionTimeout=10000")
            .append("&mail." + scheme + ".timeout=15000")
            .append("&mail." + scheme + ".writetimeout=15000");
    if (scheme.equals("smtp")) {
      // A password never leaves without TLS.
      uri.append("&mail.smtp.starttls.enable=true")
          .append("&mail.smtp.starttls.required=" + route.login().isPresent());
    }
    route.login().ifPresent(login -> uri.append("&authenticator=#" + MAIL_LOGIN + target.name()));
    route.ca().ifPresent(pem -> uri.append("&sslContextParameters=#" + MAIL_TLS + target.name()));
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("From", route.from());
    headers.put("To", String.join(",", route.to()));
    headers.put("Subject", "[caravan] " + MessageBodies.title(messages, backfill));
    headers.put("Content-Type", "text/plain; charset=UTF-8");
    return new MessageRequest(MessageBodies.text(messages, backfill), headers, uri.toString());
  }
}
