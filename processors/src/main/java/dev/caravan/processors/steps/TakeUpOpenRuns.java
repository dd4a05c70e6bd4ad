package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one session per pipeline for the runs that a process before this one left open, in the
 * order in which it would have run them; with the header {@code dispatch} one per cluster for those
 * of the queue, which goes on with what else is due there. That is the whole of the recovery: every
 * step of a session looks at the world before it acts. A run that another orchestrator is at work
 * on is passed over.
 */
public final class TakeUpOpenRuns extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(TakeUpOpenRuns.class);

  private final Journal journal;
  private final Supplier<List<String>> pipelines;
  private final ConfiguredClusters clusters;

  /**
   * @param pipelines the names of the pipelines that there are now
   * @param clusters those whose runs are taken up even if their pipeline is gone
   */
  public TakeUpOpenRuns(
      Journal journal, Supplier<List<String>> pipelines, ConfiguredClusters clusters) {
    this.journal = journal;
    this.pipelines = pipelines;
    this.clusters = clusters;
  }

  @Override
  protected void perform(Exchange exchange) throws Exception {
    Set<String> names = new TreeSet<>(pipelines.get());
    names.addAll(journal.runs().openPipelines(clusters.ids()));
    List<Run> open = names.stream().flatMap(name -> journal.runs().open(name).stream()).toList();
    if (exchange.getMessage().getHeader("dispatch", false, Boolean.class)) {
      takeUpQueues(exchange, open.stream().filter(TakeUpOpenRuns::isOfQueue).toList());
      open = open.stream().filter(run -> !isOfQueue(run)).toList();
    }
    for (String pipeline : names) {
      takeUp(
          exchange,
          pipeline,
          open.stream()
              .filter(run -> run.pipeline().equals(pipeline))
              .map(Run::logicalDate)
              .distinct()
              .toList());
    }
  }

  private static boolean isOfQueue(Run run) {
    return run.dueAt().isPresent();
  }

  /** Their sessions go on with what else is due on the cluster, as they would have. */
  private void takeUpQueues(Exchange exchange, List<Run> open) throws Exception {
    List<ConfiguredCluster> used =
        open.stream()
            .flatMap(run -> run.clusterId().stream())
            .distinct()
            .flatMap(id -> clusters.withId(id).stream())
            .toList();
    for (ConfiguredCluster cluster : used) {
      openSession(exchange, session -> session.serveQueue(cluster));
    }
  }

  private static void takeUp(Exchange exchange, String pipeline, List<LocalDate> dates)
      throws Exception {
    if (dates.isEmpty()) {
      return;
    }
    LOG.debug("Runs of {} for {} are open", pipeline, dates);
    openSession(
        exchange,
        session -> {
          session.request(pipeline, dates, false);
          session.waitForNobody();
        });
  }

  /** On an exchange of its own, so that its end, the stop of the cluster, comes before the next. */
  private static void openSession(Exchange exchange, Consumer<SessionContext> of) throws Exception {
    if (exchange.getContext().isStopping()) {
      return;
    }
    try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
      template.send("direct:session", each -> of.accept(RunContext.of(each).session()));
    }
  }
}
