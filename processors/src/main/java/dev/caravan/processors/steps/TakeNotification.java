package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Notification;
import dev.caravan.processors.notifications.AlarmMessage;
import dev.caravan.processors.notifications.MessageRequest;
import dev.caravan.processors.notifications.NotificationTarget;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * Takes the next message that is due from the outbox and makes of it what the target understands:
 * the message's body and headers are what is to be sent. Without one, none is taken.
 */
public final class TakeNotification extends Step {
  /** Longer than any delivery takes; a process that died leaves its message to others then. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration DELETE_EVERY = Duration.ofMinutes(10);

  private final Journal journal;
  private final Map<String, NotificationTarget> targets;
  private final Optional<String> server;
  private final Duration kept;
  private final ElapsedClock clock;
  private final AtomicReference<Duration> nextDeletion = new AtomicReference<>(Duration.ZERO);

  /**
   * @param kept how long messages are kept once they have been delivered or given up
   * @param server the address of the API for people on other machines
   */
  public TakeNotification(
      Journal journal,
      List<NotificationTarget> targets,
      Optional<String> server,
      Duration kept,
      ElapsedClock clock) {
    this.journal = journal;
    this.targets =
        targets.stream().collect(Collectors.toMap(NotificationTarget::name, Function.identity()));
    this.server = server;
    this.kept = kept;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    DeliveryContext delivery = DeliveryContext.of(exchange);
    exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(null);
    delivery.take(List.of(), Optional.empty());
    if (targets.isEmpty() || delivery.isOver(clock.elapsed())) {
      return;
    }
    Instant now = clock.instant();
    List<String> quiet =
        targets.values().stream()
            .filter(target -> target.isQuietAt(now))
            .map(NotificationTarget::name)
            .toList();
    List<Notification> taken = journal.outbox().take(targets.keySet(), quiet, LEASE);
    if (taken.isEmpty()) {
      deleteOld(now);
      return;
    }
    NotificationTarget target = targets.get(taken.get(0).target());
    delivery.take(taken, Optional.of(target));
    try {
      MessageRequest request = request(target, taken);
      exchange.getMessage().setBody(request.body());
      request.headers().forEach(exchange.getMessage()::setHeader);
      delivery.setMailEndpoint(request.mailEndpoint());
    } catch (FatalException e) {
      // A secret's file that is missing, which somebody may put there.
      delivery.fail(e.getMessage());
    }
  }

  private void deleteOld(Instant now) {
    if (clock.elapsed().compareTo(nextDeletion.get()) >= 0) {
      nextDeletion.set(clock.elapsed().plus(DELETE_EVERY));
      journal.outbox().deleteEnded(now.minus(kept));
    }
  }

  private MessageRequest request(NotificationTarget target, List<Notification> taken) {
    Notification first = taken.get(0);
    if (first.alarmId().isEmpty()) {
      return MessageRequest.ping(target, first.kind(), first.detail());
    }
    boolean cleared = first.kind() == Notification.Kind.ALARM_CLEARED;
    List<AlarmMessage> messages =
        taken.stream().map(each -> AlarmMessage.of(alarm(each), cleared, server)).toList();
    return MessageRequest.ofAlarms(target, messages, first.backfillId(), first.plain());
  }

  /** With the cause that was true when the message was written. */
  private Alarm alarm(Notification notification) {
    Alarm now = journal.outbox().alarm(notification).orElseThrow();
    return new Alarm(
        now.kind(),
        now.subject(),
        notification.runId().or(now::runId),
        now.raisedAt(),
        now.sentAt(),
        now.clearedAt(),
        notification.detail().isEmpty() ? now.detail() : notification.detail());
  }
}
