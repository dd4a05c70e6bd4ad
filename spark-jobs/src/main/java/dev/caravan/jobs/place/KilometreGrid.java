package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.udf;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * The globe cut into cells such that two points at most a kilometre apart lie in one cell or in
 * neighbouring ones.
 *
 * <p>Bands of latitude are a little higher than a kilometre. Each is cut around the globe into
 * equal cells, as many as stay wide enough at the band's edge nearest to a pole, its two neighbours
 * included; near the poles one cell remains.
 */
public final class KilometreGrid {
  /** A kilometre along a meridian is 0.0089932 degrees. */
  private static final double BAND_DEGREES = 0.009;

  /** More than 11 km from the pole cells can still be told apart; closer, a band is one cell. */
  private static final double POLAR_DEGREES = 89.9;

  /** Room for rounding: cells are this much wider than they must be. */
  private static final double SLACK = 1.0001;

  /** More than the 40,031 cells around the equator. */
  private static final long CELLS_PER_BAND = 1L << 16;

  private static final UserDefinedFunction CELL =
      udf((UDF2<Double, Double, Long>) KilometreGrid::cell, DataTypes.LongType).withName("cell");

  private static final UserDefinedFunction REACH =
      udf(
              (UDF2<Double, Double, long[]>) KilometreGrid::reach,
              DataTypes.createArrayType(DataTypes.LongType, false))
          .withName("reach");

  private KilometreGrid() {}

  /** The number of the cell that holds a point; null where a coordinate is. */
  public static Column cell(Column lat, Column lon) {
    return CELL.apply(lat, lon);
  }

  /**
   * One row for each cell in which a point within a kilometre may lie: {@code points} with {@code
   * cell} added.
   */
  public static Dataset<Row> reach(Dataset<Row> points, Column lat, Column lon) {
    return points.withColumn("cell", explode(REACH.apply(lat, lon)));
  }

  private static Long cell(Double lat, Double lon) {
    if (lat == null || lon == null) {
      return null;
    }
    long band = band(lat);
    return number(band, slot(lon, slots(band)));
  }

  private static long[] reach(Double lat, Double lon) {
    Set<Long> cells = new LinkedHashSet<>();
    if (lat != null && lon != null) {
      long home = band(lat);
      for (long band = home - 1; band <= home + 1; band++) {
        long slots = slots(band);
        long slot = slot(lon, slots);
        for (long near = slot - 1; near <= slot + 1; near++) {
          cells.add(number(band, Math.floorMod(near, slots)));
        }
      }
    }
    return cells.stream().mapToLong(Long::longValue).toArray();
  }

  private static long number(long band, long slot) {
    return band * CELLS_PER_BAND + slot;
  }

  private static long band(double lat) {
    return (long) Math.floor((lat + 90) / BAND_DEGREES);
  }

  /**
   * How many cells a band has. Two points d apart at latitudes of at most Φ differ in longitude by
   * at most {@code 2 asin(sin(d/2R) / cos Φ)}: the haversine formula with both cosines replaced by
   * the least.
   */
  private static long slots(long band) {
    double south = (band - 1) * BAND_DEGREES - 90;
    double north = (band + 2) * BAND_DEGREES - 90;
    double edge = Math.max(Math.abs(south), Math.abs(north));
    if (edge >= POLAR_DEGREES) {
      return 1;
    }
    double half =
        Math.asin(Math.sin(1.0 / (2 * GreatCircle.RADIUS_KM)) / Math.cos(Math.toRadians(edge)));
    return (long) Math.floor(360 / (Math.toDegrees(half) * 2 * SLACK));
  }

  private static long slot(double lon, long slots) {
    return Math.floorMod((long) Math.floor((lon + 180) / 360 * slots), slots);
  }
}
