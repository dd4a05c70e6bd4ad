package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Keeps the events that have usable coordinates and adds {@code place}: the nearest city. */
public final class NearestCityTransform implements Function<Dataset<Row>, Dataset<Row>> {
  private final CityDictionary dictionary;

  public NearestCityTransform(CityDictionary dictionary) {
    this.dictionary = dictionary;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> events) {
    return events.filter(usable()).withColumn("place", place());
  }

  /** Keeps all events; where one has no usable coordinates, {@code place} is null. */
  public Dataset<Row> orNull(Dataset<Row> events) {
    return events.withColumn("place", when(usable(), place()));
  }

  private static Column usable() {
    return col("lat").between(-90, 90).and(col("lon").between(-180, 180));
  }

  private Column place() {
    return udf(new NearestPlace(dictionary.cities()), DataTypes.IntegerType)
        .withName("nearest_place")
        .apply(col("lat"), col("lon"));
  }
}
