package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline again for each run that a process before this one left open, oldest first, one
 * after the other. That is the whole of the recovery: every step of the pipeline looks at the world
 * before it acts. A run that another orchestrator is at work on is passed over.
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
    for (Run run : journal.runs().open(pipeline)) {
      if (exchange.getContext().isStopping()) {
        return;
      }
      takeUp(exchange, run);
    }
  }

  /** On an exchange of its own, so that its end, the stop of the cluster, comes before the next. */
  private static void takeUp(Exchange exchange, Run run) throws Exception {
    LOG.debug("Run {} is open", run.id());
    try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
      template.send(
          "direct:pipeline",
          each -> {
            RunContext context = RunContext.of(each);
            context.request(run.logicalDate(), false);
            context.waitForNobody();
          });
    }
  }
}
