package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads raw records to the columns of {@link RawColumns}, whatever they are stored as. Files named
 * {@code *.parquet} are parquet, one record a row; all others are JSON, one record a line, packed
 * or not. Blank lines are no records.
 */
final class RawReader {
  private static final Column FILE = input_file_name().as(RawColumns.FILE);

  /** As {@link RawFiles} reads it: no day where it is none. */
  private static final Column DAY =
      regexp_extract(input_file_name(), ".*/date=(\\d{4}-\\d{2}-\\d{2})/", 1)
          .cast(DataTypes.DateType)
          .as(RawColumns.DAY);

  /** What stands beside a record's fields. */
  private static final List<Column> ABOUT =
      Collections.unmodifiableList(
          Arrays.asList(col(RawColumns.RECORD), col(RawColumns.FILE), col(RawColumns.DAY)));

  private final SparkSession spark;

  RawReader(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * All records; lazy.
   *
   * @throws JobFailure with {@link ExitCode#MISSING_COLUMNS} when parquet files have no event
   */
  Dataset<Row> read(RawFiles files) {
    List<String> parquet = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (FileStatus file : files.files()) {
      String path = file.getPath().toString();
      (path.endsWith(".parquet") ? parquet : lines).add(path);
    }
    Optional<Dataset<Row>> rows =
        parquet.isEmpty()
            ? Optional.empty()
            : Optional.of(
                rows(
                    spark
                        .read()
                        .option("mergeSchema", "true")
                        .parquet(parquet.toArray(new String[0]))));
    if (lines.isEmpty()) {
      return rows.orElseThrow(IllegalArgumentException::new);
    }
    Dataset<Row> records = lines(spark.read().text(lines.toArray(new String[0])));
    return rows.map(records::union).orElse(records);
  }

  /**
   * A line is parsed as the only element of a list: of two objects in a line, or of an object with
   * something behind it, the parser would else see the first and say nothing.
   */
  private static Dataset<Row> lines(Dataset<Row> text) {
    Column line = col("value");
    Column parsed =
        from_json(
            concat(lit("["), line, lit("]")),
            DataTypes.createArrayType(RawColumns.NESTED),
            Collections.emptyMap());
    Column one = when(size(col("parsed")).equalTo(1), col("parsed").getItem(0));
    List<Column> columns = new ArrayList<>(ABOUT);
    columns.add(col("one.event").isNotNull().as(RawColumns.WHOLE));
    RawColumns.OUTER.forEach(
        name -> columns.add(col("one").getField(name).as(RawColumns.text(name))));
    RawColumns.INNER.forEach(
        name -> columns.add(col("one.event").getField(name).as(RawColumns.text(name))));
    return text.filter(line.rlike("\\S"))
        .select(line.as(RawColumns.RECORD), FILE, DAY, parsed.as("parsed"))
        .withColumn("one", one)
        .select(columns.toArray(new Column[0]));
  }

  private static Dataset<Row> rows(Dataset<Row> rows) {
    StructType stored = rows.schema();
    Optional<DataType> event = type(stored, "event");
    if (!event.filter(StructType.class::isInstance).isPresent()
        || !type(stored, "event_type").isPresent()) {
      throw new JobFailure(
          ExitCode.MISSING_COLUMNS,
          "the raw parquet files have not the columns they must have: event (a struct), event_type;"
              + " they have "
              + stored.simpleString());
    }
    Column[] all = Arrays.stream(stored.fieldNames()).map(RawReader::quoted).toArray(Column[]::new);
    StructType inner = (StructType) event.get();
    List<Column> columns = new ArrayList<>();
    columns.add(to_json(struct(all)).as(RawColumns.RECORD));
    columns.add(FILE);
    columns.add(DAY);
    columns.add(col("event").isNotNull().as(RawColumns.WHOLE));
    RawColumns.OUTER.forEach(
        name -> columns.add(text(stored, name, col(name)).as(RawColumns.text(name))));
    RawColumns.INNER.forEach(
        name ->
            columns.add(text(inner, name, col("event").getField(name)).as(RawColumns.text(name))));
    return rows.select(columns.toArray(new Column[0]));
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  private static Optional<DataType> type(StructType columns, String name) {
    return Arrays.asList(columns.fieldNames()).contains(name)
        ? Optional.of(columns.apply(name).dataType())
        : Optional.empty();
  }

  private static Column text(StructType columns, String name, Column column) {
    Optional<DataType> type = type(columns, name);
    if (!type.isPresent()) {
      return lit(null).cast(DataTypes.StringType);
    }
    String word = type.get().typeName();
    boolean nested = word.equals("struct") || word.equals("array") || word.equals("map");
    return nested ? to_json(column) : column.cast(DataTypes.StringType);
  }
}
