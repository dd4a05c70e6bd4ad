package dev.caravan.bench.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** All measured values, one per metric, side and round; goals are checked against their medians. */
public final class Results {
  private final String ours;
  private final String baseline;
  private final Map<Metric, Map<String, List<Value>>> values = new LinkedHashMap<>();

  /** For values of these two sides; of another one a value is kept but not shown in the table. */
  public Results(String ours, String baseline) {
    this.ours = ours;
    this.baseline = baseline;
  }

  public void add(Metric metric, String side, double value) {
    add(metric, side, new Value(value, false));
  }

  /** Notes that the measurement was ended here, short of its true value. */
  public void addAtLeast(Metric metric, String side, double value) {
    add(metric, side, new Value(value, true));
  }

  private void add(Metric metric, String side, Value value) {
    values
        .computeIfAbsent(metric, f -> new LinkedHashMap<>())
        .computeIfAbsent(side, s -> new ArrayList<>())
        .add(value);
  }

  /** The middle value, or the mean of the two middle ones; empty where nothing was measured. */
  public OptionalDouble median(Metric metric, String side) {
    return value(metric, side)
        .map(value -> OptionalDouble.of(value.number()))
        .orElseGet(OptionalDouble::empty);
  }

  private Optional<Value> value(Metric metric, String side) {
    return Value.median(values.getOrDefault(metric, Map.of()).getOrDefault(side, List.of()));
  }

  /** The table for people. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(line("work", "what", "unit", ours, baseline, "ratio", "goal", "verdict"));
    for (Metric metric : values.keySet()) {
      Optional<Value> own = value(metric, ours);
      Optional<Value> beside = value(metric, baseline);
      text.append(
          line(
              metric.work(),
              metric.what(),
              metric.unit(),
              own.map(value -> value.text(">")).orElse("-"),
              beside.map(value -> value.text(">")).orElse("-"),
              own.flatMap(value -> beside.flatMap(value::by))
                  .map(value -> value.text("<"))
                  .orElse("-"),
              metric.goal().text(baseline),
              verdict(metric)));
    }
    return text.toString();
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-9s %-46s %-5s %10s %10s %7s  %-12s %s", (Object[]) cells)
            .stripTrailing()
        + "\n";
  }

  private String verdict(Metric metric) {
    Optional<Value> own = value(metric, ours);
    if (own.isEmpty() || metric.goal() instanceof Goal.None) {
      return "";
    }
    return !own.get().atLeast() && metric.goal().met(own.get().number(), median(metric, baseline))
        ? "met"
        : "MISSED";
  }

  /** Whether no goal is missed. */
  public boolean allMet() {
    return values.keySet().stream().map(this::verdict).noneMatch("MISSED"::equals);
  }

  /** Everything for programs, values by round too. */
  public void write(Path file, Map<String, String> circumstances) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    circumstances.forEach(root::put);
    ArrayNode metrics = root.putArray("figures");
    values.forEach(
        (metric, bySide) -> {
          ObjectNode node = metrics.addObject();
          node.put("work", metric.work()).put("what", metric.what()).put("unit", metric.unit());
          node.put("goal", metric.goal().text(baseline)).put("verdict", verdict(metric));
          bySide.forEach(
              (side, list) -> {
                ObjectNode one = node.putObject(side);
                one.put("median", median(metric, side).orElse(0));
                if (list.stream().anyMatch(Value::atLeast)) {
                  one.put("atLeast", true);
                }
                list.forEach(value -> one.withArray("rounds").add(value.number()));
              });
        });
    Files.createDirectories(file.toAbsolutePath().getParent());
    json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }
}
