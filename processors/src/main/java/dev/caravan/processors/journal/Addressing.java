package dev.caravan.processors.journal;

import java.util.List;
import java.util.Optional;

/** Who is told of what. Called within transactions: answers at once, and never fails. */
public interface Addressing {

  /**
   * The targets that are told of an alarm.
   *
   * @param pipeline empty: the alarm is about a cluster, which several pipelines may use
   */
  List<String> ofAlarm(AlarmKind kind, Optional<String> pipeline);

  /** The targets that are told when a run of the pipeline begins and ends. */
  List<String> ofRuns(String pipeline);

  /** Nobody is told of anything. */
  static Addressing nobody() {
    return new Addressing() {
      @Override
      public List<String> ofAlarm(AlarmKind kind, Optional<String> pipeline) {
        return List.of();
      }

      @Override
      public List<String> ofRuns(String pipeline) {
        return List.of();
      }
    };
  }
}
