package dev.caravan.bench.ledger;

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

/** All values measured, one per figure, side and round; judged by their medians. */
public final class Ledger {
  private final String ours;
  private final String baseline;
  private final Map<Figure, Map<String, List<Value>>> values = new LinkedHashMap<>();

  /** For values of these two sides; of another one a value is kept but not shown in the table. */
  public Ledger(String ours, String baseline) {
    this.ours = ours;
    this.baseline = baseline;
  }

  public void add(Figure figure, String side, double value) {
    add(figure, side, new Value(value, false));
  }

  /** Notes that the measurement was ended here, short of its true value. */
  public void addAtLeast(Figure figure, String side, double value) {
    add(figure, side, new Value(value, true));
  }

  private void add(Figure figure, String side, Value value) {
    values
        .computeIfAbsent(figure, f -> new LinkedHashMap<>())
        .computeIfAbsent(side, s -> new ArrayList<>())
        .add(value);
  }

  /** The middle value, or the mean of the two middle ones; empty where nothing was measured. */
  public OptionalDouble median(Figure figure, String side) {
    return value(figure, side)
        .map(value -> OptionalDouble.of(value.number()))
        .orElseGet(OptionalDouble::empty);
  }

  private Optional<Value> value(Figure figure, String side) {
    return Value.median(values.getOrDefault(figure, Map.of()).getOrDefault(side, List.of()));
  }

  /** The table for people. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(line("work", "what", "unit", ours, baseline, "ratio", "goal", "verdict"));
    for (Figure figure : values.keySet()) {
      Optional<Value> own = value(figure, ours);
      Optional<Value> beside = value(figure, baseline);
      text.append(
          line(
              figure.work(),
              figure.what(),
              figure.unit(),
              own.map(value -> value.text(">")).orElse("-"),
              beside.map(value -> value.text(">")).orElse("-"),
              own.flatMap(value -> beside.flatMap(value::by))
                  .map(value -> value.text("<"))
                  .orElse("-"),
              figure.goal().text(baseline),
              verdict(figure)));
    }
    return text.toString();
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-9s %-46s %-5s %10s %10s %7s  %-12s %s", (Object[]) cells)
            .stripTrailing()
        + "\n";
  }

  private String verdict(Figure figure) {
    Optional<Value> own = value(figure, ours);
    if (own.isEmpty() || figure.goal() instanceof Goal.None) {
      return "";
    }
    return !own.get().atLeast() && figure.goal().met(own.get().number(), median(figure, baseline))
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
    ArrayNode figures = root.putArray("figures");
    values.forEach(
        (figure, bySide) -> {
          ObjectNode node = figures.addObject();
          node.put("work", figure.work()).put("what", figure.what()).put("unit", figure.unit());
          node.put("goal", figure.goal().text(baseline)).put("verdict", verdict(figure));
          bySide.forEach(
              (side, list) -> {
                ObjectNode one = node.putObject(side);
                one.put("median", median(figure, side).orElse(0));
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
