package dev.caravan.jobs.place;

import java.util.List;
import org.apache.spark.sql.api.java.UDF2;

/**
 * The place of the city nearest to a point, for points on the globe.
 *
 * <p>Nearest is the least unrounded haversine distance, ties go to the lower place. Nearly always
 * that is the city whose unit vector has the greatest dot product with the point's, a few
 * multiplications instead of a few sines. Only where the two best come closer to each other than
 * rounding could explain are the haversine distances compared.
 *
 * <p>A function and not an expression of Spark: with an expression for each city, plans and
 * generated code grow with the dictionary, and planning, compiling and logging them costs more than
 * the rows of a small night.
 */
final class NearestPlace implements UDF2<Double, Double, Integer> {
  private static final long serialVersionUID = 1L;

  /**
   * Far above the error of a dot product of unit vectors (some 1e-15), and at 500 km from both
   * cities some 8 cm.
   */
  private static final double TOO_CLOSE = 1e-9;

  private final double[] lat;
  private final double[] lon;
  private final double[] x;
  private final double[] y;
  private final double[] z;

  NearestPlace(List<City> cities) {
    lat = cities.stream().mapToDouble(City::lat).toArray();
    lon = cities.stream().mapToDouble(City::lon).toArray();
    x = new double[lat.length];
    y = new double[lat.length];
    z = new double[lat.length];
    for (int i = 0; i < lat.length; i++) {
      double cosine = Math.cos(Math.toRadians(lat[i]));
      x[i] = cosine * Math.cos(Math.toRadians(lon[i]));
      y[i] = cosine * Math.sin(Math.toRadians(lon[i]));
      z[i] = Math.sin(Math.toRadians(lat[i]));
    }
  }

  /** The place, from 1; null where a coordinate is. */
  @Override
  public Integer call(Double pointLat, Double pointLon) {
    return pointLat == null || pointLon == null ? null : nearest(pointLat, pointLon) + 1;
  }

  private int nearest(double pointLat, double pointLon) {
    double cosine = Math.cos(Math.toRadians(pointLat));
    double px = cosine * Math.cos(Math.toRadians(pointLon));
    double py = cosine * Math.sin(Math.toRadians(pointLon));
    double pz = Math.sin(Math.toRadians(pointLat));
    int best = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      double dot = px * x[i] + py * y[i] + pz * z[i];
      if (dot > greatest) {
        second = greatest;
        greatest = dot;
        best = i;
      } else if (dot > second) {
        second = dot;
      }
    }
    return second < greatest - TOO_CLOSE ? best : leastDistance(pointLat, pointLon);
  }

  private int leastDistance(double pointLat, double pointLon) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < lat.length; i++) {
      double distance = GreatCircle.km(pointLat, pointLon, lat[i], lon[i]);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}
