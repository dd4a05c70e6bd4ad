package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.SessionRecord;
import dev.caravan.processors.journal.TraceExport;
import dev.caravan.processors.journal.TraceId;
import dev.caravan.processors.notifications.DeliveryRule;
import dev.caravan.processors.traces.OtlpSender;
import dev.caravan.processors.traces.SessionTrace;
import dev.caravan.processors.traces.TraceEndpoint;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the traces of the sessions that are over to the collector, one after the other. What can't
 * be sent is tried again later, for a day, and fails no run.
 */
public final class ExportTraces extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(ExportTraces.class);

  /** Longer than any sending takes; a process that died leaves its trace to others then. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration TRIED_FOR = Duration.ofHours(24);

  /** After this time no other trace is begun: the route comes back. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Journal journal;
  private final Optional<TraceEndpoint> endpoint;
  private final ConfiguredClusters clusters;
  private final ElapsedClock clock;

  /**
   * @param endpoint the collector; empty: nothing is sent
   */
  public ExportTraces(
      Journal journal,
      Optional<TraceEndpoint> endpoint,
      ConfiguredClusters clusters,
      ElapsedClock clock) {
    this.journal = journal;
    this.endpoint = endpoint;
    this.clusters = clusters;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    if (endpoint.isEmpty()) {
      return;
    }
    Duration end = clock.elapsed().plus(BOUND);
    Optional<TraceExport> next = journal.traces().take(LEASE);
    while (next.isPresent()) {
      export(endpoint.get(), next.get());
      boolean goesOn = clock.elapsed().compareTo(end) < 0 && !exchange.getContext().isStopping();
      next = goesOn ? journal.traces().take(LEASE) : Optional.empty();
    }
  }

  private void export(TraceEndpoint collector, TraceExport trace) {
    Optional<OtlpSender.Failure> failure = send(collector, trace);
    if (failure.isEmpty()) {
      journal.traces().sent(trace);
      return;
    }
    Duration pause = DeliveryRule.pause(trace.attempts());
    Duration age = Duration.between(trace.createdAt(), clock.instant()).plus(pause);
    String words = failure.get().words();
    if (failure.get().refused() || age.compareTo(TRIED_FOR) > 0) {
      LOG.error("The trace of session {} is given up: {}", trace.sessionId(), words);
      journal.traces().giveUp(trace, words);
      return;
    }
    if (trace.attempts() == 1) {
      LOG.warn(
          "The trace of session {} could not be sent, will try again (caravan.traces.endpoint): {}",
          trace.sessionId(),
          words);
    }
    journal.traces().retry(trace, pause, words);
  }

  private Optional<OtlpSender.Failure> send(TraceEndpoint collector, TraceExport trace) {
    SessionRecord session = journal.traces().session(trace);
    if (session.runs().isEmpty()) {
      return Optional.of(new OtlpSender.Failure(true, "no run used the session"));
    }
    String id = session.session().clusterId();
    String name = clusters.withId(id).map(ConfiguredCluster::name).orElse(id);
    try (OtlpSender sender =
        OtlpSender.to(
            collector,
            Optional.ofNullable(ExportTraces.class.getPackage().getImplementationVersion()))) {
      return sender.send(
          TraceId.of(session),
          SessionTrace.spans(session, name, journal.jobs()::outputs, journal.traces()::stages));
    } catch (FatalException e) {
      return Optional.of(new OtlpSender.Failure(false, e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever it is, it must not be tried for ever.
      return Optional.of(new OtlpSender.Failure(false, e.toString()));
    }
  }
}
