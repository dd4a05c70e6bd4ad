package dev.caravan.endpoint.batch;

/** Hears of batches, on threads that must not wait. */
public interface BatchListener {
  /** Doesn't care. */
  BatchListener NONE =
      new BatchListener() {
        @Override
        public void accepted(Batch batch) {}

        @Override
        public void ended(Batch batch) {}
      };

  /** It is recorded. */
  void accepted(Batch batch);

  /** It has its outcome. */
  void ended(Batch batch);
}
