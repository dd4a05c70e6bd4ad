package dev.caravan.bench.results;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One measured value, or the median of some.
 *
 * @param atLeast whether the measurement was ended at this value and the true one lies above
 */
record Value(double number, boolean atLeast) {

  /** The middle one, or the mean of the two middle ones; empty where nothing was measured. */
  static Optional<Value> median(List<Value> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<Value> sorted =
        values.stream().sorted((a, b) -> Double.compare(a.number, b.number)).toList();
    Value lower = sorted.get((sorted.size() - 1) / 2);
    Value upper = sorted.get(sorted.size() / 2);
    return Optional.of(
        new Value((lower.number + upper.number) / 2, lower.atLeast || upper.atLeast));
  }

  /** By what was measured beside it; empty if that is zero. */
  Optional<Value> by(Value other) {
    return other.number == 0
        ? Optional.empty()
        : Optional.of(new Value(number / other.number, other.atLeast));
  }

  String text(String sign) {
    return (atLeast ? sign : "")
        + String.format(Locale.ROOT, number >= 1000 ? "%,.0f" : "%.2f", number);
  }
}
