package dev.caravan.routes.page;

import dev.caravan.routes.operations.RunGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * A value of each run as a small chart of bars.
 *
 * @param bars the oldest first
 * @param summary the chart in words
 */
record MiniChart(String name, List<Bar> bars, String summary) {
  static final int HEIGHT = 40;
  static final int STEP = 10;

  private static final double LEAST = 1;

  /**
   * A run.
   *
   * @param title what it is, in words
   */
  record Bar(int x, String y, String height, String style, String title) {}

  /** How wide its picture is, in its own unit. */
  int width() {
    return bars.isEmpty() ? STEP : bars.get(bars.size() - 1).x() + STEP;
  }

  static MiniChart of(
      String name,
      List<RunGrid.Day> days,
      Function<RunGrid.Day, OptionalDouble> value,
      DoubleFunction<String> words) {
    List<OptionalDouble> values = days.stream().map(value).toList();
    double[] known =
        values.stream()
            .flatMapToDouble(
                each ->
                    each.isPresent() ? DoubleStream.of(each.getAsDouble()) : DoubleStream.empty())
            .toArray();
    double most = DoubleStream.of(known).max().orElse(0);
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < days.size(); i++) {
      OptionalDouble each = values.get(i);
      if (each.isPresent()) {
        double height = most > 0 ? Math.max(LEAST, each.getAsDouble() / most * HEIGHT) : LEAST;
        bars.add(
            new Bar(
                i * STEP,
                number(HEIGHT - height),
                number(height),
                "b-" + PageText.lower(StateShapes.of(days.get(i).run().state())),
                days.get(i).date() + ": " + words.apply(each.getAsDouble())));
      }
    }
    return new MiniChart(name, bars, summary(known, words));
  }

  private static String summary(double[] known, DoubleFunction<String> words) {
    if (known.length == 0) {
      return "nothing known";
    }
    double[] sorted = DoubleStream.of(known).sorted().toArray();
    return "latest %s, usually %s, from %s to %s"
        .formatted(
            words.apply(known[known.length - 1]),
            words.apply(sorted[sorted.length / 2]),
            words.apply(sorted[0]),
            words.apply(sorted[sorted.length - 1]));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
