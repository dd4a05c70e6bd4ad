package dev.caravan.jobs.input;

import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads the city dictionary, a parquet file or a folder of them, to the driver. */
public final class CityReader {
  private static final RequiredColumns COLUMNS =
      RequiredColumns.none()
          .and("city_id", ColumnKind.NUMBER)
          .and("city_name", ColumnKind.TEXT)
          .and("city_lat", ColumnKind.DEGREES)
          .and("city_lon", ColumnKind.DEGREES)
          .and("timezone", ColumnKind.TEXT);

  private final SparkSession spark;

  public CityReader(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Reads every city.
   *
   * @throws dev.caravan.jobs.exit.JobFailure when a column is absent or of a wrong type
   * @throws IllegalArgumentException when a row can't be used: nulls, coordinates out of range,
   *     unknown time zone
   */
  public CityDictionary read(Path path) throws IOException {
    FileStatus footer = anyFile(path);
    StructType columns =
        ParquetColumns.of(footer, spark.sessionState().newHadoopConf())
            .cutTo(COLUMNS, path.toString());
    List<City> cities = new ArrayList<>();
    for (Row row :
        spark
            .read()
            .schema(columns)
            .parquet(path.toString())
            .selectExpr(
                "cast(city_id as int)",
                "city_name",
                "cast(city_lat as double)",
                "cast(city_lon as double)",
                "timezone")
            .collectAsList()) {
      cities.add(city(row, path));
    }
    return new CityDictionary(cities);
  }

  private FileStatus anyFile(Path path) throws IOException {
    FileSystem storage = path.getFileSystem(spark.sessionState().newHadoopConf());
    for (FileStatus status : storage.listStatus(path)) {
      String name = status.getPath().getName();
      if (status.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
        return status;
      }
    }
    throw new FileNotFoundException("no file of the city dictionary in " + path);
  }

  private static City city(Row row, Path path) {
    for (int i = 0; i < row.length(); i++) {
      if (row.isNullAt(i)) {
        throw new IllegalArgumentException(
            String.format(
                "the city dictionary %s has a row without %s: %s",
                path, row.schema().fieldNames()[i], row));
      }
    }
    double lat = row.getDouble(2);
    double lon = row.getDouble(3);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
      throw new IllegalArgumentException(
          String.format("the city dictionary %s has coordinates out of range: %s", path, row));
    }
    try {
      return new City(row.getInt(0), row.getString(1), lat, lon, ZoneId.of(row.getString(4)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          String.format("the city dictionary %s has an unknown time zone: %s", path, row), e);
    }
  }
}
