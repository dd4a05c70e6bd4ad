package dev.caravan.cloud.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A pipeline's file for the orchestrator's jar, as a user would write it: one cluster, {@code
 * main}, and jobs that run one after the other unless something else is said.
 */
public final class WrittenPipeline {
  private final StringBuilder text = new StringBuilder("cluster: main\n");
  private boolean begun;
  private boolean sideBySide;
  private String last = "";

  /** The pipeline is fired by its schedule, too. */
  public WrittenPipeline every(String period) {
    text.append("schedule: { every: ").append(period).append(" }\n");
    return this;
  }

  /** So many jobs run at the same time; none waits for another. To be said before the jobs. */
  public WrittenPipeline sideBySide(int jobs) {
    sideBySide = true;
    text.append("parallel: ").append(jobs).append("\n");
    return this;
  }

  /**
   * Adds a job, which begins after the one before it.
   *
   * @param keys by name: numbers, texts, collections of these, or maps
   */
  public WrittenPipeline job(String name, Map<String, Object> keys) {
    text.append(begun ? "" : "jobs:\n").append("  ").append(name).append(":\n");
    if (begun && !sideBySide) {
      text.append("    needs: [").append(last).append("]\n");
    }
    keys.forEach((key, value) -> text.append("    %s: %s\n".formatted(key, yaml(value))));
    last = name;
    begun = true;
    return this;
  }

  private static String yaml(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + yaml(entry.getValue()))
          .collect(Collectors.joining(", ", "{ ", " }"));
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(WrittenPipeline::yaml).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof Number
        ? String.format(Locale.ROOT, "%s", value)
        : '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Writes {@code pipelines/NAME.yaml} beside the settings file. */
  public Path write(Path directory, String name) throws IOException {
    Path file = Files.createDirectories(directory.resolve("pipelines")).resolve(name + ".yaml");
    return Files.writeString(file, text);
  }
}
