package dev.caravan.processors.pipelines;

/** Which of the dates are run that fell due while no orchestrator was there to begin them. */
public enum CatchUp {
  NONE,
  /** The latest of them. */
  LAST,
  ALL
}
