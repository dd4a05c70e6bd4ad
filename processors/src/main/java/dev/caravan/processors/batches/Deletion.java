package dev.caravan.processors.batches;

/** What the endpoint answered to a deletion. */
public enum Deletion {
  /** The batch is not running any more: killed now, or finished before. */
  CONFIRMED,
  /** The endpoint doesn't know the batch, so it can't say whether anything of it still runs. */
  UNKNOWN_BATCH
}
