package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.notifications.MessageRequest;
import dev.caravan.processors.notifications.NotificationTarget;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Prepares the sign of life of this server, which its monitor misses once this process, its timers
 * or its journal is gone.
 */
public final class PingMonitor extends Step {
  private final Journal journal;
  private final Optional<NotificationTarget> monitor;

  public PingMonitor(Journal journal, Optional<NotificationTarget> monitor) {
    this.journal = journal;
    this.monitor = monitor;
  }

  @Override
  protected void perform(Exchange exchange) {
    int pending = journal.outbox().pending();
    MessageRequest request =
        MessageRequest.alive(monitor.orElseThrow(), pending + " messages wait to be delivered");
    exchange.getMessage().setBody(request.body());
    request.headers().forEach(exchange.getMessage()::setHeader);
  }
}
