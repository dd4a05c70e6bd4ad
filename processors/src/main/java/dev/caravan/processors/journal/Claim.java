package dev.caravan.processors.journal;

import java.time.Instant;

/** What became of asking for a run. */
public sealed interface Claim {

  /**
   * The run is the asker's, and nobody else's until the claim is let go or lapses.
   *
   * @param continued whether an earlier process had begun it
   */
  record Taken(Run run, boolean continued) implements Claim {}

  /** The date has succeeded already: nothing is to be done. */
  record Done(Run run) implements Claim {}

  /**
   * Another run has the date or the cluster.
   *
   * @param run the one that has it
   * @param owner the process that drives it, {@code host/pid}; empty text: nobody, it is to be
   *     taken up first
   * @param until when its claim lapses unless it is renewed
   */
  record Held(Run run, String owner, Instant until) implements Claim {}
}
