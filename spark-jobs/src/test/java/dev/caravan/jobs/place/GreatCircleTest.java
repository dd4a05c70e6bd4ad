package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.jobs.sample.TestSession;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class GreatCircleTest {
  @Test
  void knownDistancesAndTheSameBackwards() {
    Column there = GreatCircle.km(col("a"), col("b"), col("c"), col("d"));
    Column back = GreatCircle.km(col("c"), col("d"), col("a"), col("b"));
    List<Row> rows =
        TestSession.spark()
            .sql(
                "select * from values (0D, 0D, 1D, 0D), (0D, 179.5D, 0D, -179.5D), (90D, 7D, -90D, 0D),"
                    + " (-33.865D, 151.2094D, -37.8136D, 144.9631D), (1D, 2D, 1D, 2D) as t(a, b, c, d)")
            .select(there, back)
            .collectAsList();
    double[] expected = {111.1949, 111.1949, 20015.087, 713.705, 0};
    for (int i = 0; i < expected.length; i++) {
      assertThat(rows.get(i).getDouble(0)).isCloseTo(expected[i], within(0.001));
      assertThat(rows.get(i).getDouble(0)).isEqualTo(rows.get(i).getDouble(1));
    }
  }
}
