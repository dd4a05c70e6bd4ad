package dev.caravan.processors.schedule;

/** What to do with a due slot while a run of the pipeline is open. */
public enum Overlap {
  /** Queue it behind the others. */
  QUEUE,
  /** Queue it unless another is queued already. */
  QUEUE_ONE,
  /** Skip it. */
  SKIP,
  /** Cancel the open runs and queue it. */
  REPLACE
}
