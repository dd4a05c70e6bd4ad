package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.asin;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.degrees;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.radians;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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

  private KilometreGrid() {}

  /** The number of the cell that holds a point. */
  public static Column cell(Column lat, Column lon) {
    Column band = band(lat);
    return number(band, slot(lon, slots(band)));
  }

  /**
   * One row for each cell in which a point within a kilometre may lie: {@code points} with {@code
   * cell} added.
   */
  public static Dataset<Row> reach(Dataset<Row> points, Column lat, Column lon) {
    Column band = col("reach_band");
    Column slots = col("reach_slots");
    Column slot = slot(lon, slots);
    Column home = band(lat);
    return points
        .withColumn("reach_band", explode(array(home.minus(1), home, home.plus(1))))
        .withColumn("reach_slots", slots(band))
        .withColumn(
            "cell",
            explode(
                array_distinct(
                    array(
                        number(band, pmod(slot.minus(1), slots)),
                        number(band, slot),
                        number(band, pmod(slot.plus(1), slots))))))
        .drop("reach_band", "reach_slots");
  }

  private static Column number(Column band, Column slot) {
    return band.multiply(CELLS_PER_BAND).plus(slot);
  }

  private static Column band(Column lat) {
    return floor(lat.plus(90).divide(BAND_DEGREES));
  }

  /**
   * How many cells a band has. Two points d apart at latitudes of at most Φ differ in longitude by
   * at most {@code 2 asin(sin(d/2R) / cos Φ)}: the haversine formula with both cosines replaced by
   * the least.
   */
  private static Column slots(Column band) {
    Column south = band.minus(1).multiply(BAND_DEGREES).minus(90);
    Column north = band.plus(2).multiply(BAND_DEGREES).minus(90);
    Column edge = greatest(abs(south), abs(north));
    Column width =
        degrees(asin(lit(Math.sin(1.0 / (2 * GreatCircle.RADIUS_KM))).divide(cos(radians(edge)))))
            .multiply(2 * SLACK);
    return when(edge.geq(POLAR_DEGREES), lit(1L)).otherwise(floor(lit(360.0).divide(width)));
  }

  private static Column slot(Column lon, Column slots) {
    return pmod(floor(lon.plus(180).divide(360).multiply(slots)), slots);
  }
}
