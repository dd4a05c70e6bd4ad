package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Notification;
import dev.caravan.processors.notifications.DeliveryRule;
import dev.caravan.processors.notifications.NotificationTarget;
import dev.caravan.processors.notifications.TargetForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what became of a message: delivered, to be tried again, or given up, which is said once.
 */
public final class SettleNotification extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(SettleNotification.class);

  /** Telegram takes twenty messages a minute for a group. */
  private static final Duration TELEGRAM_PACE = Duration.ofSeconds(3);

  private static final int LONGEST_ANSWER = 2000;

  private final Journal journal;
  private final Clock clock;

  public SettleNotification(Journal journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) throws IOException {
    DeliveryContext delivery = DeliveryContext.of(exchange);
    if (!delivery.messageTaken()) {
      return;
    }
    List<Notification> taken = delivery.taken();
    NotificationTarget target = delivery.toTarget();
    Notification first = taken.get(0);
    DeliveryRule.Answer answer = answer(exchange, delivery);
    DeliveryRule.Verdict verdict =
        DeliveryRule.decide(
            target.form(),
            answer,
            first.attempts(),
            Duration.between(first.createdAt(), clock.instant()),
            first.plain(),
            clock.instant());
    String why = target.redact(answer.words());
    switch (verdict.next()) {
      case SENT ->
          journal
              .outbox()
              .sent(taken, target.form() == TargetForm.TELEGRAM ? TELEGRAM_PACE : Duration.ZERO);
      case RETRY_PLAIN -> journal.outbox().retry(taken, Duration.ZERO, true, why);
      case RETRY, HOLD -> {
        journal.outbox().retry(taken, verdict.delay(), first.plain(), why);
        if (verdict.next() == DeliveryRule.Next.HOLD) {
          journal.outbox().hold(target.name(), verdict.delay());
        }
        if (first.attempts() == 1) {
          LOG.warn(
              "A message to {} could not be delivered and is tried again: {}", target.name(), why);
        }
      }
      case GIVE_UP -> {
        journal.outbox().giveUp(taken, why);
        LOG.error(
            "A message to {} ({}) is given up after {} tries: {}",
            target.name(),
            first.kind(),
            first.attempts(),
            why);
      }
    }
  }

  private static DeliveryRule.Answer answer(Exchange exchange, DeliveryContext delivery)
      throws IOException {
    Optional<String> error =
        delivery
            .failure()
            .or(
                () ->
                    Optional.ofNullable(
                            exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class))
                        .map(SettleNotification::words));
    if (error.isPresent()) {
      return new DeliveryRule.Answer(Optional.empty(), error, Optional.empty(), "");
    }
    return new DeliveryRule.Answer(
        Optional.ofNullable(
            exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class)),
        Optional.empty(),
        Optional.ofNullable(exchange.getMessage().getHeader("Retry-After", String.class)),
        delivery.mailEndpoint().isEmpty() ? beginning(exchange) : "");
  }

  private static String beginning(Exchange exchange) throws IOException {
    try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
      return in == null ? "" : new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    }
  }

  private static String words(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String name = root.getClass().getSimpleName();
    return root.getMessage() == null ? name : name + ": " + root.getMessage();
  }

  /** A message that was sent while the process ends must not come twice. */
  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
