package dev.caravan.bench.endpoint;

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
import java.util.OptionalDouble;

/** All values measured, one per figure, server and round; judged by their medians. */
final class Ledger {
  private final Map<Figure, Map<String, List<Double>>> values = new LinkedHashMap<>();

  void add(Figure figure, String server, double value) {
    values
        .computeIfAbsent(figure, f -> new LinkedHashMap<>())
        .computeIfAbsent(server, s -> new ArrayList<>())
        .add(value);
  }

  /** The middle value, or the mean of the two middle ones; empty where nothing was measured. */
  OptionalDouble median(Figure figure, String server) {
    List<Double> sorted =
        values.getOrDefault(figure, Map.of()).getOrDefault(server, List.of()).stream()
            .sorted()
            .toList();
    int size = sorted.size();
    return size == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2);
  }

  /** The table for people. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(line("work", "what", "unit", "ours", "Livy", "ratio", "goal", "verdict"));
    for (Figure figure : values.keySet()) {
      OptionalDouble ours = median(figure, CaravanServer.NAME);
      OptionalDouble livys = median(figure, StockLivy.NAME);
      text.append(
          line(
              figure.work(),
              figure.what(),
              figure.unit(),
              shown(ours),
              shown(livys),
              shown(ratio(ours, livys)),
              figure.goal().text(),
              verdict(figure)));
    }
    return text.toString();
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-8s %-46s %-5s %10s %10s %7s  %-12s %s", (Object[]) cells)
            .stripTrailing()
        + "\n";
  }

  private static OptionalDouble ratio(OptionalDouble ours, OptionalDouble livys) {
    return ours.isPresent() && livys.isPresent() && livys.getAsDouble() != 0
        ? OptionalDouble.of(ours.getAsDouble() / livys.getAsDouble())
        : OptionalDouble.empty();
  }

  private static String shown(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    return String.format(Locale.ROOT, number >= 1000 ? "%,.0f" : "%.2f", number);
  }

  private String verdict(Figure figure) {
    OptionalDouble ours = median(figure, CaravanServer.NAME);
    if (ours.isEmpty() || figure.goal() instanceof Goal.None) {
      return "";
    }
    return figure.goal().met(ours.getAsDouble(), median(figure, StockLivy.NAME)) ? "met" : "MISSED";
  }

  /** Whether no goal is missed. */
  boolean allMet() {
    return values.keySet().stream().map(this::verdict).noneMatch("MISSED"::equals);
  }

  /** Everything for programs, values by round too. */
  void write(Path file, Map<String, String> circumstances) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    circumstances.forEach(root::put);
    ArrayNode figures = root.putArray("figures");
    values.forEach(
        (figure, byServer) -> {
          ObjectNode node = figures.addObject();
          node.put("work", figure.work()).put("what", figure.what()).put("unit", figure.unit());
          node.put("goal", figure.goal().text()).put("verdict", verdict(figure));
          byServer.forEach(
              (server, list) -> {
                ObjectNode one = node.putObject(server);
                one.put("median", median(figure, server).orElse(0));
                list.forEach(one.putArray("rounds")::add);
              });
        });
    Files.createDirectories(file.toAbsolutePath().getParent());
    json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }
}
