package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.Clusters;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the cluster is asked to start, once: a stopped one is started, one that is still
 * stopping is left for the next call, one that runs already isn't ours to stop, unless an earlier
 * run of ours left it running.
 */
public final class StartCluster extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(StartCluster.class);

  private final Journal journal;
  private final Clusters clusters;

  public StartCluster(Journal journal, Clusters clusters) {
    this.journal = journal;
    this.clusters = clusters;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    if (context.session().isStartSettled()) {
      return;
    }
    context.enter(journal, RunStep.START_CLUSTER);
    try {
      if (isSettled(context.session(), run)) {
        context.session().settleStart();
      }
    } catch (RetryableException e) {
      // The deadline of the wait, not a count of tries, bounds this: the route looks again.
      LOG.warn(
          "Cluster {} could not be asked to start yet: {}",
          context.session().cluster().id(),
          e.getMessage());
    } catch (FatalException e) {
      context.session().lose(e);
      throw e;
    }
  }

  /**
   * Whether nothing is left to ask for in this process: the start was asked, or is under way, or
   * isn't needed.
   */
  private boolean isSettled(SessionContext session, Run run) {
    String clusterId = session.cluster().id();
    boolean stopAlways = session.cluster().config().stopPolicy() == StopPolicy.ALWAYS;
    Cluster cluster = clusters.look(clusterId);
    journal.statuses().seen(run, cluster.status().name());
    session.nameTrace(journal.traces().idOf(run));
    switch (cluster.status()) {
      case STOPPED -> {
        if (!isStartUnderWay(run)) {
          settleWhatOthersStopped(run);
          journal.sessions().open(run, clusterId, true);
          session.nameTrace(journal.traces().idOf(run));
          session.setOurs(true);
          journal.sessions().startAccepted(run, clusters.start(clusterId).id());
          session.askedForStart();
        }
        return true;
      }
      case RUNNING, STARTING, CREATING -> {
        boolean ours = stopAlways || journal.sessions().owesStop(clusterId);
        boolean owed = journal.sessions().open(run, clusterId, ours).ours();
        session.setOurs(owed);
        if (!owed) {
          LOG.warn(
              "Cluster {} was {} before run {} began: it is not ours to stop and will be left running (caravan.cluster.{}.stop-policy=always stops it)",
              clusterId,
              cluster.status(),
              run.id(),
              session.cluster().name());
        }
        return true;
      }
      case ERROR ->
          throw new FatalException(
              "Cluster "
                  + clusterId
                  + " is in status ERROR and can't be started: look at it in the Yandex Cloud console.");
      case STOPPING, UNKNOWN ->
          LOG.debug(
              "Cluster {} is {}: waiting before it can be started", clusterId, cluster.status());
    }
    return false;
  }

  /**
   * A cluster that ran for this run and is STOPPED now was stopped by its lease, by a person, or by
   * another orchestrator.
   */
  private void settleWhatOthersStopped(Run run) {
    if (journal
        .sessions()
        .of(run)
        .filter(
            session ->
                session.runningSince().isPresent() || session.state() == SessionState.FOUND_RUNNING)
        .isPresent()) {
      journal.sessions().stopped(run);
    }
  }

  /** After a crash: a process before this one asked for the start, and the cloud is still at it. */
  private boolean isStartUnderWay(Run run) {
    return journal
        .sessions()
        .of(run)
        .filter(session -> session.ours() && session.state() == SessionState.START_ASKED)
        .flatMap(ClusterSession::operationId)
        .map(clusters::operation)
        .filter(operation -> !operation.done() && operation.error().isEmpty())
        .isPresent();
  }
}
