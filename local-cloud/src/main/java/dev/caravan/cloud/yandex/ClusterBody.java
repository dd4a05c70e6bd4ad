package dev.caravan.cloud.yandex;

/**
 * What really starts and stops behind an emulated cluster, for instance a process. The emulator
 * calls {@link #start()} and {@link #stop()} one after the other on a thread of its own, {@link
 * #alive()} on another one, every quarter of a second.
 */
public interface ClusterBody {

  /**
   * Starts; returns when the machine is up, not necessarily alive. A throw makes the operation fail
   * and the cluster ERROR.
   */
  void start() throws Exception;

  /**
   * Stops, within a bound of its own; called for a body that is not running too. A throw makes the
   * cluster ERROR.
   */
  void stop() throws Exception;

  /** Whether the started body answers. Must return within about a second and must not throw. */
  boolean alive();

  /** The body of a cluster that is nothing but its state: up at once, alive while it is up. */
  static ClusterBody none() {
    return new ClusterBody() {
      @Override
      public void start() {}

      @Override
      public void stop() {}

      @Override
      public boolean alive() {
        return true;
      }
    };
  }
}
