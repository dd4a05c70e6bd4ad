package dev.caravan.processors.batches;

/**
 * What the endpoint answered, read whole.
 *
 * @param replayed whether it says that this is the batch of an earlier submission
 */
record HttpReply(int status, byte[] body, boolean replayed) {

  boolean isOk() {
    return status >= 200 && status < 300;
  }
}
