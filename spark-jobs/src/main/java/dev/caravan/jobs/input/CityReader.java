package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;

import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
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
   * @throws dev.caravan.jobs.exit.JobFailedException when a column is absent or of a wrong type
   * @throws IllegalArgumentException when a row can't be used: nulls, coordinates out of range,
   *     unknown time zone, an id of more than 32 bits
   */
  public CityDictionary read(Path path) throws IOException {
    Configuration conf = spark.sessionState().newHadoopConf();
    List<InputFile> files =
        StorageCalls.each(files(path, conf), file -> InputFile.of(file, COLUMNS, conf));
    InputFiles.check(files);
    Map<StructType, List<FileStatus>> byColumns =
        files.stream()
            .collect(
                Collectors.groupingBy(
                    InputFile::columns,
                    LinkedHashMap::new,
                    Collectors.mapping(InputFile::status, Collectors.toList())));
    ListedFiles listed = new ListedFiles(spark);
    List<City> cities = new ArrayList<>();
    for (Map.Entry<StructType, List<FileStatus>> alike : byColumns.entrySet()) {
      Dataset<Row> rows =
          ColumnEncoding.read(alike.getKey(), columns -> listed.parquet(columns, alike.getValue()));
      for (Row row :
          rows.select(
                  col("city_id").cast(DataTypes.LongType).as("city_id"),
                  col("city_name").cast(DataTypes.BinaryType).as("city_name"),
                  col("city_lat").cast(DataTypes.DoubleType).as("city_lat"),
                  col("city_lon").cast(DataTypes.DoubleType).as("city_lon"),
                  col("timezone").cast(DataTypes.BinaryType).as("timezone"))
              .collectAsList()) {
        cities.add(city(withText(row), path));
      }
    }
    long stored = files.stream().mapToLong(InputFile::rows).sum();
    if (cities.size() != stored) {
      throw new IOException(
          String.format(
              "of %d rows in the files of the city dictionary %s only %d were read",
              stored, path, cities.size()));
    }
    return new CityDictionary(cities);
  }

  private static List<FileStatus> files(Path path, Configuration conf) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    int empty = 0;
    for (FileStatus status : path.getFileSystem(conf).listStatus(path)) {
      String name = status.getPath().getName();
      if (status.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
        if (status.getLen() == 0) {
          empty++;
        } else {
          files.add(status);
        }
      }
    }
    if (files.isEmpty()) {
      throw new FileNotFoundException(
          empty == 0
              ? "no file of the city dictionary in " + path
              : "the city dictionary " + path + " holds only empty files, of 0 bytes");
    }
    return files;
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
    if (row.getLong(0) != (int) row.getLong(0)) {
      throw new IllegalArgumentException(
          String.format(
              "the city dictionary %s has a city_id of more than 32 bits: %s", path, row));
    }
    double lat = row.getDouble(2);
    double lon = row.getDouble(3);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
      throw new IllegalArgumentException(
          String.format("the city dictionary %s has coordinates out of range: %s", path, row));
    }
    try {
      return new City(
          (int) row.getLong(0), row.getString(1), lat, lon, ZoneId.of(row.getString(4)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          String.format("the city dictionary %s has an unknown time zone: %s", path, row), e);
    }
  }

  /**
   * Text is collected as bytes: for strings Spark loads Scala's reflection, which takes longer than
   * reading the dictionary.
   */
  private static Row withText(Row row) {
    Object[] values = new Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      Object value = row.get(i);
      values[i] =
          value instanceof byte[] ? new String((byte[]) value, StandardCharsets.UTF_8) : value;
    }
    return new GenericRowWithSchema(values, row.schema());
  }
}
