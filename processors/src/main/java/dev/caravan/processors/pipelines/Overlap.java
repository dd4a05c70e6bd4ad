package dev.caravan.processors.pipelines;

/** What becomes of a date that falls due while an earlier one of its pipeline is not done. */
public enum Overlap {
  /** It waits. */
  QUEUE,
  /** It waits, unless another one waits already: then it is skipped. */
  QUEUE_ONE,
  SKIP,
  /** The earlier run is cancelled. */
  REPLACE
}
