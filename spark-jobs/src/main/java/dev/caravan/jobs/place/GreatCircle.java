package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.asin;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.radians;
import static org.apache.spark.sql.functions.sin;
import static org.apache.spark.sql.functions.sqrt;

import org.apache.spark.sql.Column;

/** Distances on a sphere of 6371 km radius by the haversine formula, never rounded. */
public final class GreatCircle {
  /** Mean radius of the Earth in kilometres. */
  public static final double RADIUS_KM = 6371;

  private GreatCircle() {}

  /**
   * Kilometres between two points in degrees: {@code 2R asin(sqrt(a))}, a = sin²(Δφ/2) + cos φ1 cos
   * φ2 sin²(Δλ/2).
   *
   * <p>The same to the last bit when the points are swapped.
   */
  public static Column km(Column lat1, Column lon1, Column lat2, Column lon2) {
    Column byLat = sin(radians(lat2).minus(radians(lat1)).divide(2));
    Column byLon = sin(radians(lon2).minus(radians(lon1)).divide(2));
    Column a =
        byLat
            .multiply(byLat)
            .plus(cos(radians(lat1)).multiply(cos(radians(lat2))).multiply(byLon.multiply(byLon)));
    return asin(sqrt(a)).multiply(2 * RADIUS_KM);
  }

  /** The same on numbers, operation by operation. */
  static double km(double lat1, double lon1, double lat2, double lon2) {
    double byLat = Math.sin((Math.toRadians(lat2) - Math.toRadians(lat1)) / 2);
    double byLon = Math.sin((Math.toRadians(lon2) - Math.toRadians(lon1)) / 2);
    double a =
        byLat * byLat
            + Math.cos(Math.toRadians(lat1)) * Math.cos(Math.toRadians(lat2)) * (byLon * byLon);
    return Math.asin(Math.sqrt(a)) * (2 * RADIUS_KM);
  }
}
