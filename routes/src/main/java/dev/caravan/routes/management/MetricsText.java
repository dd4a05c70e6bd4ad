package dev.caravan.routes.management;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures in the text format of Prometheus, version 0.0.4. Not for use by several threads.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the format</a>
 */
final class MetricsText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<String, StringBuilder> families = new LinkedHashMap<>();

  /** What Prometheus may do with a figure. */
  enum Type {
    COUNTER,
    GAUGE,
    SUMMARY;

    private String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Begins a family, which is there without any sample, too. */
  MetricsText family(String name, Type type, String help) {
    families.put(
        name,
        new StringBuilder("# HELP %s %s%n# TYPE %s %s%n".formatted(name, help, name, type.word())));
    return this;
  }

  /**
   * Adds a sample.
   *
   * @param family one that was begun
   * @param suffix of its name, for the parts of a summary; else empty text
   * @param labels names and values in turn
   */
  MetricsText sample(String family, String suffix, BigDecimal value, String... labels) {
    StringBuilder text = families.get(family).append(family).append(suffix);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',')
          .append(labels[i])
          .append("=\"")
          .append(escaped(labels[i + 1]))
          .append('"');
    }
    text.append(labels.length > 0 ? "} " : " ").append(value.toPlainString()).append('\n');
    return this;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return String.join("", families.values());
  }
}
