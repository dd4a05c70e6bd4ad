package dev.caravan.processors.journal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A transaction that is open: its connection, its time, and the events that tell of it. */
final class Transaction {
  private static final int TEXT_LIMIT = 4000;

  final Handle handle;
  private final HeldClaims claims;
  private final Clock clock;
  private final boolean tracesKept;
  private final List<RunEvent> events = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Transaction(Handle handle, HeldClaims claims, Clock clock, boolean tracesKept) {
    this.handle = handle;
    this.claims = claims;
    this.clock = clock;
    this.tracesKept = tracesKept;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Locks the run's claim and makes sure that it is this process's.
   *
   * @throws RunLostException if it isn't
   */
  void requireClaim(Run run) {
    claims.require(handle, run.id());
  }

  /**
   * Locks the claim of the session that has this run at hand, or had it last, and makes sure that
   * it is this process's.
   *
   * @throws RunLostException if it isn't
   */
  void requireSession(Run run) {
    claims.requireSession(handle, run.id());
  }

  /**
   * Locks the claim of the session on the cluster and makes sure that it is this process's.
   *
   * @throws RunLostException if it isn't
   */
  void requireSession(String clusterId) {
    claims.require(handle, HeldClaims.sessionOn(clusterId));
  }

  /** Whether no session, of whichever process, has the cluster. */
  boolean isFree(String clusterId) {
    return claims.heldBy(handle, List.of(HeldClaims.clusterOf(clusterId))).isEmpty();
  }

  /**
   * An event of this transaction: written at its end, and told to the listeners once it is made.
   */
  void event(String runId, RunEvent.Kind kind, String subject, String detail) {
    events.add(new RunEvent(runId, now(), kind, subject, cut(detail)));
  }

  /** The same for an event that is of no run. */
  void event(RunEvent.Kind kind, String subject, String detail) {
    event("", kind, subject, detail);
  }

  /** The same for an event that may be of no run: then it is told, and not kept. */
  void event(Optional<String> runId, RunEvent.Kind kind, String subject, String detail) {
    if (runId.isPresent()) {
      event(runId.get(), kind, subject, detail);
    } else {
      events.add(new RunEvent("", now(), kind, subject, cut(detail)));
    }
  }

  /** The session is over: its trace is to be sent, if traces are. */
  void ended(ClusterSession session) {
    if (tracesKept) {
      TraceRows.owe(handle, session.id(), now());
    }
  }

  /**
   * Does this once the commit is made, before the listeners hear of it; never if it is not made.
   */
  void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** As much of the text as a column takes. */
  static String cut(String text) {
    return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT);
  }

  /** Who did it and why, as "paused by ann: the source is down". */
  static String reason(String done, String by, String note) {
    return cut(done + " by " + by + (note.isBlank() ? "" : ": " + note));
  }

  static Optional<String> cut(Optional<String> text) {
    return text.map(Transaction::cut);
  }
}
