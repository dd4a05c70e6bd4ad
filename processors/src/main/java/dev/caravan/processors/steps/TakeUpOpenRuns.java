package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one session per pipeline for the runs that a process before this one left open, in the
 * order in which it would have run them. That is the whole of the recovery: every step of a session
 * looks at the world before it acts. A run that another orchestrator is at work on is passed over.
 */
public final class TakeUpOpenRuns extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(TakeUpOpenRuns.class);

  private final Journal journal;
  private final Supplier<List<String>> pipelines;
  private final List<String> clusterIds;

  /**
   * @param pipelines the names of the pipelines that there are now
   * @param clusterIds the clusters whose runs are taken up even if their pipeline is gone
   */
  public TakeUpOpenRuns(
      Journal journal, Supplier<List<String>> pipelines, List<String> clusterIds) {
    this.journal = journal;
    this.pipelines = pipelines;
    this.clusterIds = List.copyOf(clusterIds);
  }

  @Override
  protected void perform(Exchange exchange) throws Exception {
    Set<String> names = new TreeSet<>(pipelines.get());
    names.addAll(journal.runs().openPipelines(clusterIds));
    for (String pipeline : names) {
      takeUp(exchange, pipeline);
    }
  }

  private void takeUp(Exchange exchange, String pipeline) throws Exception {
    List<LocalDate> dates =
        journal.runs().open(pipeline).stream().map(Run::logicalDate).distinct().toList();
    if (dates.isEmpty() || exchange.getContext().isStopping()) {
      return;
    }
    LOG.debug("Runs of {} for {} are open", pipeline, dates);
    // On an exchange of its own, so that its end, the stop of the cluster, comes before the next.
    try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
      template.send(
          "direct:session",
          each -> {
            SessionContext session = RunContext.of(each).session();
            session.request(pipeline, dates, false);
            session.waitForNobody();
          });
    }
  }
}
