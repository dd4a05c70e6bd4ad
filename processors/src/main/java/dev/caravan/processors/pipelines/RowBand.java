package dev.caravan.processors.pipelines;

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
}
