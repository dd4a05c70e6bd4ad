package dev.caravan.endpoint.yarn;

import java.util.List;
import java.util.Set;

/**
 * What YARN says of an application; the words are those of YarnApplicationState and
 * FinalApplicationStatus.
 *
 * @param id {@code application_...}
 * @param state for example RUNNING
 * @param finalStatus SUCCEEDED, FAILED or KILLED once it has ended, else UNDEFINED
 * @param tags as given at its submission, in lower case as YARN keeps them
 */
public record YarnApplication(
    String id, String state, String finalStatus, String name, String user, List<String> tags) {
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "KILLED");

  /** Whether nothing of it runs any more. */
  public boolean hasEnded() {
    return ENDED.contains(state);
  }

  /** Whether it did its work. Means nothing in client mode, where the driver isn't YARN's. */
  public boolean succeeded() {
    return finalStatus.equals("SUCCEEDED");
  }
}
