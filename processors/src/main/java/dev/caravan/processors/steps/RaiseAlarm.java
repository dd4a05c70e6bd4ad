package dev.caravan.processors.steps;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a stop that failed for good: says so where people look. The stop stays pending in the
 * journal.
 */
public final class RaiseAlarm extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(RaiseAlarm.class);

  private final Journal journal;

  public RaiseAlarm(Journal journal) {
    this.journal = journal;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    String cause =
        Optional.ofNullable(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class))
            .map(Throwable::getMessage)
            .orElse("no cause is known");
    if (context.session().findCluster().isEmpty()) {
      LOG.error("The session used no cluster, but could not be ended: {}", cause);
      return;
    }
    String clusterId = context.session().cluster().id();
    if (context.session().clusterStopped()) {
      LOG.error("Cluster {} is stopped, but its session could not be ended: {}", clusterId, cause);
      return;
    }
    journal
        .alarms()
        .raise(AlarmKind.STOP_FAILED, clusterId, context.session().latestRun().map(Run::id), cause);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
