package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Notification;
import dev.caravan.processors.notifications.NotificationTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * What an exchange knows of the message that it delivers. The public methods without parameters
 * that return something are the questions that a route may ask: {@code
 * ${exchangeProperty.delivery.form}}. For one thread at a time, like the exchange that carries it.
 */
public final class DeliveryContext {
  /** The exchange property under which it is carried. */
  public static final String PROPERTY = "delivery";

  private List<Notification> taken = List.of();
  private Optional<NotificationTarget> target = Optional.empty();
  private Optional<Duration> deadline = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private String mailEndpoint = "";

  private DeliveryContext() {}

  /** That of the exchange, which gets one if it has none. */
  public static DeliveryContext of(Exchange exchange) {
    DeliveryContext known = exchange.getProperty(PROPERTY, DeliveryContext.class);
    if (known != null) {
      return known;
    }
    DeliveryContext begun = new DeliveryContext();
    exchange.setProperty(PROPERTY, begun);
    return begun;
  }

  /**
   * Ends the deliveries of this exchange then.
   *
   * @param elapsed by the clock of the steps
   */
  public void endAt(Duration elapsed) {
    deadline = Optional.of(elapsed);
  }

  boolean isOver(Duration elapsed) {
    return deadline.filter(end -> elapsed.compareTo(end) >= 0).isPresent();
  }

  /** Whether a message is to be sent, or its failure to be noted. */
  public boolean messageTaken() {
    return !taken.isEmpty();
  }

  /** The name of its target; empty if no message is taken. */
  public String target() {
    return target.map(NotificationTarget::name).orElse("");
  }

  /**
   * The form of its target, as {@code caravan.notify.NAME.kind} has it, or {@code ping}; empty if
   * there is nothing to send.
   */
  public String form() {
    return failure.isPresent() ? "" : target.map(each -> each.form().word()).orElse("");
  }

  /** Of mail: the Camel endpoint of its server. */
  public String mailEndpoint() {
    return mailEndpoint;
  }

  void take(List<Notification> notifications, Optional<NotificationTarget> to) {
    taken = notifications;
    target = to;
    failure = Optional.empty();
    mailEndpoint = "";
  }

  void setMailEndpoint(String uri) {
    mailEndpoint = uri;
  }

  void fail(String reason) {
    failure = Optional.of(reason);
  }

  List<Notification> taken() {
    return taken;
  }

  NotificationTarget toTarget() {
    return target.orElseThrow();
  }

  Optional<String> failure() {
    return failure;
  }
}
