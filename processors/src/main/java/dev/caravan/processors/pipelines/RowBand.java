package dev.caravan.processors.pipelines;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the rows of an output may be from the median of its last successful runs.
 *
 * @param low times the median, at least 0
 * @param high times the median, at least {@code low}
 */
public record RowBand(double low, double high) {
  public RowBand {
    if (!(low >= 0 && high >= low && Double.isFinite(high))) {
      throw new IllegalArgumentException("A band of rows is LOW..HIGH, not " + low + ".." + high);
    }
  }

  /**
   * Why a number of rows is out of the band; empty if it isn't.
   *
   * @param median that of the last successful runs
   */
  public Optional<String> breach(long rows, long median) {
    long least = (long) Math.ceil(low * median);
    long most = (long) Math.floor(high * median);
    return rows >= least && rows <= most
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "promised %,d to %,d rows, %s to %s times the median %,d of its last runs, found %,d",
                least,
                most,
                text(low),
                text(high),
                median,
                rows));
  }

  /** As it is written in a pipeline, such as {@code 0.5..2}. */
  @Override
  public String toString() {
    return text(low) + ".." + text(high);
  }

  private static String text(double factor) {
    return BigDecimal.valueOf(factor).stripTrailingZeros().toPlainString();
  }
}
