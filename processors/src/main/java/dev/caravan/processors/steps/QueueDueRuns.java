package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.DuePlan;
import dev.caravan.processors.schedule.Timetable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues what of any pipeline has fallen due. It only writes rows: a timer that calls it late, or
 * never for a night, loses no date. A pipeline that can't be planned keeps no other from being
 * planned; the failure leaves the step once all have had their turn.
 */
public final class QueueDueRuns extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(QueueDueRuns.class);

  private final Journal journal;
  private final Supplier<List<Scheduled>> pipelines;

  /** Of the schedules as they were last seen: to read an expression takes longer than to use it. */
  private final Map<PipelineSchedule, Timetable> timetables = new ConcurrentHashMap<>();

  /**
   * A pipeline that runs on a schedule.
   *
   * @param clusterId the cluster on which its runs are queued
   */
  public record Scheduled(String pipeline, String clusterId, PipelineSchedule schedule) {}

  /**
   * @param pipelines asked at each call, since their files may have been edited
   */
  public QueueDueRuns(Journal journal, Supplier<List<Scheduled>> pipelines) {
    this.journal = journal;
    this.pipelines = pipelines;
  }

  @Override
  protected void perform(Exchange exchange) {
    Optional<RuntimeException> failure = Optional.empty();
    List<Scheduled> scheduled = pipelines.get();
    timetables.keySet().retainAll(scheduled.stream().map(Scheduled::schedule).toList());
    for (Scheduled each : scheduled) {
      try {
        plan(each);
      } catch (RuntimeException e) {
        failure.ifPresent(e::addSuppressed);
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void plan(Scheduled each) {
    journal
        .queue()
        .plan(
            each.pipeline(),
            each.clusterId(),
            timetables.computeIfAbsent(each.schedule(), PipelineSchedule::timetable))
        .leftOut()
        .map(DuePlan.LeftOut::sentence)
        .ifPresent(sentence -> LOG.warn("Pipeline {}: {}", each.pipeline(), sentence));
  }
}
