package dev.caravan.routes;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SessionState;
import java.util.List;
import java.util.Optional;

/**
 * The report about the cluster at the end of a command, and the basis of its exit code: the state
 * of the cluster in the journal now, whichever run caused it. A pending stop, also of a cluster
 * that was configured earlier, takes precedence.
 *
 * @param stopped whether no run of this journal has left it in another state than STOPPED
 * @param words as docs/operations.md lists them
 */
record ClusterEnd(boolean stopped, String words) {

  /**
   * @param run the run that the command is about; empty if there is none
   */
  static ClusterEnd of(Journal journal, String pipeline, String clusterId, Optional<Run> run) {
    Optional<ClusterSession> owed =
        journal
            .sessions()
            .owedOn(clusterId)
            .or(
                () ->
                    journal.sessions().forgotten(List.of(pipeline), List.of(clusterId)).stream()
                        .findFirst());
    if (owed.isPresent()) {
      return owed(journal, owed.get());
    }
    boolean used = run.flatMap(journal.sessions()::of).isPresent();
    return journal
        .sessions()
        .lastOn(clusterId)
        .filter(session -> used)
        .map(ClusterEnd::settled)
        .orElse(new ClusterEnd(true, "NOT USED"));
  }

  private static ClusterEnd owed(Journal journal, ClusterSession session) {
    return new ClusterEnd(
        false,
        journal
            .runs()
            .lastOf(session)
            .filter(run -> run.state().isOpen())
            .map(run -> "IN USE by run " + run.id())
            .orElse("STOP PENDING, check " + session.clusterId() + " in the console"));
  }

  private static ClusterEnd settled(ClusterSession session) {
    if (session.state() == SessionState.STOPPED) {
      return new ClusterEnd(true, "STOPPED");
    }
    return new ClusterEnd(
        false,
        "LEFT RUNNING, "
            + (session.ours() ? "others work on it" : "it was running before this run"));
  }

  /** The last line of a command. */
  String line() {
    return "cluster: " + words;
  }
}
