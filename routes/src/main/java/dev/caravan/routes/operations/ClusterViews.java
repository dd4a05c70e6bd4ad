package dev.caravan.routes.operations;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.ClusterStatusInterval;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.routes.settings.NamedCluster;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the views of clusters and their uses, of the journal. */
final class ClusterViews {
  private final List<NamedCluster> clusters;
  private final Journal journal;
  private final Function<Run, RunView> runs;

  ClusterViews(List<NamedCluster> clusters, Journal journal, Function<Run, RunView> runs) {
    this.clusters = clusters;
    this.journal = journal;
    this.runs = runs;
  }

  ClusterView of(NamedCluster cluster) {
    String id = cluster.config().id();
    Optional<SessionView> session = journal.sessions().lastOn(id).map(this::of);
    return new ClusterView(
        cluster.name(),
        id,
        cluster.config().stopPolicy(),
        session.map(SessionView::statuses).flatMap(seen -> seen.stream().reduce((a, b) -> b)),
        session,
        journal.history().runningOn(id).map(runs),
        journal.history().queuedOn(id),
        journal.sessions().owesStop(id),
        journal.statuses().usualStart(id),
        journal.statuses().usualStop(id));
  }

  SessionView of(ClusterSession session) {
    return new SessionView(
        session.id(),
        name(clusters, session.clusterId()),
        session.clusterId(),
        session.ours(),
        session.state(),
        session.openedAt(),
        session.operationId(),
        session.runningSince(),
        session.stopAskedAt(),
        session.stoppedAt(),
        journal.history().statuses(session.id()).stream().map(ClusterViews::status).toList(),
        journal.history().runsOf(session.id()));
  }

  private static StatusView status(ClusterStatusInterval seen) {
    return new StatusView(seen.status(), seen.since(), seen.until());
  }

  /** The name of the cluster of this id; the id, where the settings have none any more. */
  static String name(List<NamedCluster> clusters, String id) {
    return clusters.stream()
        .filter(cluster -> cluster.config().id().equals(id))
        .map(NamedCluster::name)
        .findFirst()
        .orElse(id);
  }
}
