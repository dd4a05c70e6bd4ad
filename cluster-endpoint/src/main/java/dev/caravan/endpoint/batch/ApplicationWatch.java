package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.endpoint.yarn.YarnApplication;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cluster deploy mode: the driver runs in YARN and outlives its spark-submit. If spark-submit ends
 * with a code other than 0 (lost contact with YARN, killed, out of memory), the batch ends only
 * when its application ends, and YARN's final status decides. In client mode the driver was the
 * process itself, so there is nothing to watch.
 */
public final class ApplicationWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationWatch.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** What YARN said last of the application of a batch whose spark-submit has ended. */
  public enum Sight {
    /** It goes on. */
    RUNNING,
    /** YARN didn't say; it is asked again. */
    UNKNOWN
  }

  private final Optional<ResourceManager> yarn;

  private ApplicationWatch(Optional<ResourceManager> yarn) {
    this.yarn = yarn;
  }

  /** The driver ends with its spark-submit. */
  public static ApplicationWatch clientMode() {
    return new ApplicationWatch(Optional.empty());
  }

  /** The driver is an application that {@code yarn} knows. */
  public static ApplicationWatch clusterMode(ResourceManager yarn) {
    return new ApplicationWatch(Optional.of(yarn));
  }

  /** Whether a batch may go on when its spark-submit has ended. */
  boolean goesOn() {
    return yarn.isPresent();
  }

  /**
   * Blocks until the batch's application has ended or the batch is told to end; a time limit tells
   * it so. If YARN doesn't answer, it is asked again: an unknown status never ends a batch.
   *
   * @return the application as it ended; empty in client mode, if there never was one, or if the
   *     batch is told to end
   */
  Optional<YarnApplication> awaitEnd(Batch batch) throws InterruptedException {
    if (yarn.isEmpty()) {
      return Optional.empty();
    }
    String said = "";
    while (batch.killReason().isEmpty()) {
      String saying;
      try {
        Optional<YarnApplication> application = yarn.get().application(batch.record().tag());
        if (application.isEmpty() || application.get().hasEnded()) {
          return application;
        }
        batch.applicationId(Optional.of(application.get().id()));
        batch.watched(Sight.RUNNING);
        saying = "its application " + application.get().id() + " goes on in YARN and is watched";
      } catch (IOException e) {
        batch.watched(Sight.UNKNOWN);
        saying = "YARN can't say whether its application goes on, and is asked again: " + e;
      }
      if (!saying.equals(said)) {
        batch.log().note("caravan: spark-submit ended without success; " + saying);
        LOG.warn("Batch {}: spark-submit ended without success; {}.", batch.record().id(), saying);
        said = saying;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
    return Optional.empty();
  }
}
