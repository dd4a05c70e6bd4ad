package dev.caravan.endpoint.stages;

import dev.caravan.shared.batches.SparkStage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the stages of an application.
 *
 * @param stages in the order in which they ended
 * @param reason why some or all are missing
 */
public record ApplicationStages(List<SparkStage> stages, Optional<String> reason) {

  public ApplicationStages {
    stages = List.copyOf(stages);
  }

  /**
   * Reads the event log of an application that has ended; takes as long as reading a few hundred
   * megabytes.
   *
   * @param words the argument list of its batch
   * @param applicationId empty if it isn't known
   * @param from when its process was started
   * @param until when it was seen to have ended
   */
  public static ApplicationStages read(
      List<String> words, Optional<String> applicationId, Instant from, Instant until) {
    Optional<Path> directory = EventLogPlace.directory(words);
    if (directory.isEmpty()) {
      return none(
          "it writes no event log to this machine (spark.eventLog.enabled, spark.eventLog.dir=file:/...)");
    }
    try {
      Optional<String> id =
          applicationId.isPresent()
              ? applicationId
              : EventLogPlace.localApplication(directory.get(), from, until);
      if (id.isEmpty()) {
        return none("its application id isn't known");
      }
      List<Path> files = EventLogPlace.files(directory.get(), id.get());
      if (files.isEmpty()) {
        return none("there is no uncompressed event log of " + id.get() + " in " + directory.get());
      }
      EventLogReader reader = new EventLogReader();
      for (Path file : files) {
        reader.read(file);
      }
      return new ApplicationStages(
          reader.stages(),
          reader.isComplete()
              ? Optional.empty()
              : Optional.of("the event log is too long, or damaged, to tell all of them"));
    } catch (IOException e) {
      return none("the event log can't be read: " + e);
    }
  }

  private static ApplicationStages none(String reason) {
    return new ApplicationStages(List.of(), Optional.of(reason));
  }
}
