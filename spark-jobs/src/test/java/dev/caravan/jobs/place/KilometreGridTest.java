package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.TestSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class KilometreGridTest {
  private static final int PAIRS = 20_000;

  /**
   * Random points everywhere, half of them near poles and the date line, each with one a kilometre
   * off at most.
   */
  private static Dataset<Row> pairs() {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      double lat = random.nextDouble() * 180 - 90;
      double lon = random.nextDouble() * 360 - 180;
      if (i % 4 == 0) {
        lat = Math.copySign(90 - random.nextDouble() * Math.pow(10, -random.nextInt(4)), lat);
      } else if (i % 4 == 1) {
        lon = Math.copySign(180 - random.nextDouble() * 0.02, lon);
      }
      rows.add(
          offset(
              lat,
              lon,
              random.nextDouble() * 2 * Math.PI,
              i % 3 == 0 ? 0.999999 : random.nextDouble()));
    }
    return TestSession.spark()
        .createDataFrame(
            rows, StructType.fromDDL("lat double, lon double, lat2 double, lon2 double"));
  }

  /** The point so many kilometres off in the direction of {@code bearing}. */
  private static Row offset(double lat, double lon, double bearing, double km) {
    double phi = Math.toRadians(lat);
    double angle = km / GreatCircle.RADIUS_KM;
    double sinPhi2 =
        Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
    double phi2 = Math.asin(Math.max(-1, Math.min(1, sinPhi2)));
    double turn =
        Math.atan2(
            Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
            Math.cos(angle) - Math.sin(phi) * Math.sin(phi2));
    double lon2 = Math.IEEEremainder(lon + Math.toDegrees(turn), 360);
    return RowFactory.create(lat, lon, Math.toDegrees(phi2), lon2);
  }

  @Test
  void reachHoldsTheCellOfEveryPointWithinAKilometre() {
    Dataset<Row> near =
        pairs().filter(GreatCircle.km(col("lat"), col("lon"), col("lat2"), col("lon2")).leq(1.0));
    Dataset<Row> met =
        KilometreGrid.reach(near, col("lat"), col("lon"))
            .filter(col("cell").equalTo(KilometreGrid.cell(col("lat2"), col("lon2"))));
    long count = near.count();
    assertThat(count).isGreaterThan(PAIRS * 9 / 10);
    assertThat(met.count()).as("each once").isEqualTo(count);
  }

  @Test
  void cellsAreSmallSoThatFewPointsShareOne() {
    Dataset<Row> spread =
        TestSession.spark()
            .range(10_000)
            .selectExpr(
                "-34.0 + (id % 100) * 0.009D as lat", "151.0 + floor(id / 100) * 0.0109D as lon")
            .select(KilometreGrid.cell(col("lat"), col("lon")));
    assertThat(spread.distinct().count()).isGreaterThan(9_500);
  }
}
