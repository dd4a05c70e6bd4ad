package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.endpoint.yarn.YarnApplication;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds a batch's Spark application id: in what spark-submit printed, or at YARN by the batch's
 * tag. May block.
 */
final class ApplicationIds {
  private final Optional<ResourceManager> yarn;

  ApplicationIds(Optional<ResourceManager> yarn) {
    this.yarn = yarn;
  }

  Optional<String> find(Batch batch) {
    return batch.printed().stream()
        .map(ApplicationIds::printed)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> tagged(batch));
  }

  private static Optional<String> printed(ApplicationIdScanner id) {
    try {
      return id.look();
    } catch (IOException e) {
      return Optional.empty(); // only a convenience; the log itself says it
    }
  }

  private Optional<String> tagged(Batch batch) {
    try {
      return yarn.isEmpty()
          ? Optional.empty()
          : yarn.get().application(batch.record().tag()).map(YarnApplication::id);
    } catch (IOException e) {
      return Optional.empty(); // asked again at the next look
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
