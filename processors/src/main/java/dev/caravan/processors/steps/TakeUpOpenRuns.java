package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.time.LocalDate;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one session for the runs that a process before this one left open, in the order in which it
 * would have run them. That is the whole of the recovery: every step of a session looks at the
 * world before it acts. A run that another orchestrator is at work on is passed over.
 */
public final class TakeUpOpenRuns extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(TakeUpOpenRuns.class);

  private final Journal journal;
  private final String pipeline;

  public TakeUpOpenRuns(Journal journal, String pipeline) {
    this.journal = journal;
    this.pipeline = pipeline;
  }

  @Override
  protected void perform(Exchange exchange) throws Exception {
    List<LocalDate> dates =
        journal.runs().open(pipeline).stream().map(Run::logicalDate).distinct().toList();
    if (dates.isEmpty() || exchange.getContext().isStopping()) {
      return;
    }
    LOG.debug("Runs of {} are open", dates);
    // On an exchange of its own, so that its end, the stop of the cluster, comes before the next.
    try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
      template.send(
          "direct:session",
          each -> {
            SessionContext session = RunContext.of(each).session();
            session.request(dates, false);
            session.waitForNobody();
          });
    }
  }
}
