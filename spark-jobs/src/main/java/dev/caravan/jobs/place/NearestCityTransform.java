package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.radians;
import static org.apache.spark.sql.functions.sin;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Keeps the events that have usable coordinates and adds {@code place}: the nearest city.
 *
 * <p>Nearest is the least unrounded haversine distance, ties go to the lower id. Nearly always that
 * is the city whose unit vector has the greatest dot product with the event's, a few
 * multiplications instead of a few sines. Only where the two best come closer to each other than
 * rounding could explain are all haversine distances compared.
 */
public final class NearestCityTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /**
   * Far above the error of a dot product of unit vectors (some 1e-15), and at 500 km from both
   * cities some 8 cm.
   */
  private static final double TOO_CLOSE = 1e-9;

  /**
   * Beyond this the cities are walked in a loop, since the generated code would grow past what the
   * JIT compiles.
   */
  private static final int UNROLLED = 40;

  /** What a candidate counts beside its number: two can not be taken for one. */
  private static final int EACH = 1 << 16;

  private final CityDictionary dictionary;

  public NearestCityTransform(CityDictionary dictionary) {
    this.dictionary = dictionary;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> events) {
    return nearest(events.filter(usable()));
  }

  /** Keeps all events; where one has no usable coordinates, {@code place} is null. */
  public Dataset<Row> orNull(Dataset<Row> events) {
    return nearest(events).withColumn("place", when(usable(), col("place")));
  }

  private static Column usable() {
    return col("lat").between(-90, 90).and(col("lon").between(-180, 180));
  }

  private Dataset<Row> nearest(Dataset<Row> events) {
    Dataset<Row> pointed =
        events
            .withColumn("x", cos(radians(col("lat"))).multiply(cos(radians(col("lon")))))
            .withColumn("y", cos(radians(col("lat"))).multiply(sin(radians(col("lon")))))
            .withColumn("z", sin(radians(col("lat"))));
    Dataset<Row> placed =
        dictionary.cities().size() <= UNROLLED ? unrolled(pointed) : walked(pointed);
    return placed.select(
        Stream.concat(Arrays.stream(events.columns()), Stream.of("place"))
            .map(functions::col)
            .toArray(Column[]::new));
  }

  /**
   * Each dot product in a variable of its own. The candidates are those that come close to the
   * greatest; their numbers are added up, together with so much for each that the sum tells whether
   * there is only one.
   */
  private Dataset<Row> unrolled(Dataset<Row> pointed) {
    List<Column> columns = new ArrayList<>();
    columns.add(col("*"));
    List<Column> dots = new ArrayList<>();
    Column candidates = lit(0);
    for (City city : dictionary.cities()) {
      String name = "dot_" + dots.size();
      columns.add(dot(lit(x(city)), lit(y(city)), lit(z(city))).as(name));
      dots.add(col(name));
      candidates =
          candidates.plus(when(col(name).geq(col("close")), EACH + dots.size()).otherwise(0));
    }
    Column best = dots.size() == 1 ? dots.get(0) : greatest(dots.toArray(new Column[0]));
    return pointed
        .select(columns.toArray(new Column[0]))
        .withColumn("close", best.minus(TOO_CLOSE))
        .withColumn("candidates", candidates)
        .withColumn(
            "place",
            when(col("candidates").lt(2 * EACH), col("candidates").minus(EACH))
                .otherwise(firstLeast(distances()))
                .cast("int"));
  }

  /** The same with the dot products in an array. */
  private Dataset<Row> walked(Dataset<Row> pointed) {
    Column doubtful =
        size(col("others"))
            .notEqual(dictionary.cities().size() - 1)
            .or(array_max(col("others")).geq(col("best").minus(TOO_CLOSE)));
    return pointed
        .withColumn("closeness", closeness())
        .withColumn("best", array_max(col("closeness")))
        .withColumn("others", array_remove(col("closeness"), col("best")))
        .withColumn(
            "place",
            when(doubtful, firstLeast(distances()))
                .otherwise(array_position(col("closeness"), col("best")))
                .cast("int"));
  }

  private static Column firstLeast(Column distances) {
    return array_position(distances, array_min(distances));
  }

  private Column closeness() {
    return transform(
        array(
            dictionary.cities().stream()
                .map(
                    city ->
                        struct(lit(x(city)).as("x"), lit(y(city)).as("y"), lit(z(city)).as("z")))
                .toArray(Column[]::new)),
        city -> dot(city.getField("x"), city.getField("y"), city.getField("z")));
  }

  private static Column dot(Column x, Column y, Column z) {
    return col("x").multiply(x).plus(col("y").multiply(y)).plus(col("z").multiply(z));
  }

  private Column distances() {
    return transform(
        array(
            dictionary.cities().stream()
                .map(city -> struct(lit(city.lat()).as("lat"), lit(city.lon()).as("lon")))
                .toArray(Column[]::new)),
        city -> GreatCircle.km(col("lat"), col("lon"), city.getField("lat"), city.getField("lon")));
  }

  private static double x(City city) {
    return Math.cos(Math.toRadians(city.lat())) * Math.cos(Math.toRadians(city.lon()));
  }

  private static double y(City city) {
    return Math.cos(Math.toRadians(city.lat())) * Math.sin(Math.toRadians(city.lon()));
  }

  private static double z(City city) {
    return Math.sin(Math.toRadians(city.lat()));
  }
}
