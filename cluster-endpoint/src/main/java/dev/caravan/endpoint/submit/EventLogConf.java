package dev.caravan.endpoint.submit;

import java.util.List;
import java.util.Set;

/**
 * Spark's event log as far as a request may ask for it: under prefixes that the operator gives, and
 * not at all if he gives none. It holds plans and settings of a job, with secrets redacted.
 */
final class EventLogConf {
  private static final String DIRECTORY = "spark.eventLog.dir";
  private static final Set<String> HARMLESS =
      Set.of(
          "spark.eventLog.enabled",
          "spark.eventLog.compress",
          "spark.eventLog.rolling.enabled",
          "spark.eventLog.rolling.maxFileSize");

  private final boolean allowed;
  private final AllowedFiles directories;

  EventLogConf(List<String> prefixes) {
    this.allowed = !prefixes.isEmpty();
    this.directories = new AllowedFiles("endpoint.event-logs", prefixes);
  }

  /**
   * Whether this is a setting of the event log that a request may make.
   *
   * @throws RejectedException for a directory elsewhere
   */
  boolean takes(String key, String value) {
    if (!allowed) {
      return false;
    }
    if (key.equals(DIRECTORY)) {
      directories.check("conf." + key, value);
      return true;
    }
    return HARMLESS.contains(key);
  }
}
