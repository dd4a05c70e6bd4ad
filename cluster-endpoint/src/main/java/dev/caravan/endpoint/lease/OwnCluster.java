package dev.caravan.endpoint.lease;

/** The cluster that this endpoint runs on. */
interface OwnCluster extends AutoCloseable {

  /**
   * Asks the cloud to stop it, after a look. Returns when the stop is under way.
   *
   * @throws RuntimeException with the cloud's words if it refuses or can't be asked
   */
  void stop();

  @Override
  void close();
}
