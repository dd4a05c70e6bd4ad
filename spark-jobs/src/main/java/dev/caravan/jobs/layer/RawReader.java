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
import org.apache.hadoop.fs.Path;
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
  private static final String IN_FOLDER = ".*/date=(\\d{4}-\\d{2}-\\d{2})/";

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
    List<Dataset<Row>> parts = new ArrayList<>();
    Column inFolder = regexp_extract(input_file_name(), IN_FOLDER, 1).cast(DataTypes.DateType);
    add(parts, files.dated(), inFolder);
    add(parts, files.undated(), lit(null).cast(DataTypes.DateType));
    return parts.stream().reduce(Dataset::union).orElseThrow(IllegalArgumentException::new);
  }

  private void add(List<Dataset<Row>> parts, List<FileStatus> files, Column day) {
    List<String> parquet = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (FileStatus file : files) {
      Path path = file.getPath();
      (path.getName().endsWith(".parquet") ? parquet : lines).add(path.toString());
    }
    if (!lines.isEmpty()) {
      parts.add(lines(spark.read().text(lines.toArray(new String[0])), day));
    }
    if (!parquet.isEmpty()) {
      parts.add(
          rows(
              spark.read().option("mergeSchema", "true").parquet(parquet.toArray(new String[0])),
              day));
    }
  }

  /**
   * A line is parsed as the only element of a list: of two objects in a line, or of an object with
   * something behind it, the parser would else see the first and say nothing.
   */
  private static Dataset<Row> lines(Dataset<Row> text, Column day) {
    Column line = col("value");
    Column parsed =
        from_json(
            concat(lit("["), line, lit("]")),
            DataTypes.createArrayType(RawColumns.NESTED),
            Collections.emptyMap());
    Dataset<Row> read =
        text.filter(line.rlike("\\S"))
            .select(
                line.as(RawColumns.RECORD),
                input_file_name().as(RawColumns.FILE),
                day.as(RawColumns.DAY),
                parsed.as("parsed"))
            .select(
                col(RawColumns.RECORD),
                col(RawColumns.FILE),
                col(RawColumns.DAY),
                when(size(col("parsed")).equalTo(1), col("parsed").getItem(0)).as("one"));
    List<Column> columns = outer();
    columns.add(col("one.event").isNotNull().as(RawColumns.WHOLE));
    RawColumns.OUTER.forEach(name -> columns.add(col("one").getField(name).as(name)));
    RawColumns.INNER.forEach(name -> columns.add(col("one.event").getField(name).as(name)));
    return read.select(columns.toArray(new Column[0]));
  }

  private static Dataset<Row> rows(Dataset<Row> rows, Column day) {
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
    List<Column> columns = new ArrayList<>();
    columns.add(to_json(struct(all)).as(RawColumns.RECORD));
    columns.add(input_file_name().as(RawColumns.FILE));
    columns.add(day.as(RawColumns.DAY));
    columns.add(col("event").isNotNull().as(RawColumns.WHOLE));
    RawColumns.OUTER.forEach(name -> columns.add(text(stored, name, col(name)).as(name)));
    StructType inner = (StructType) event.get();
    RawColumns.INNER.forEach(
        name -> columns.add(text(inner, name, col("event").getField(name)).as(name)));
    return rows.select(columns.toArray(new Column[0]));
  }

  private static List<Column> outer() {
    List<Column> columns = new ArrayList<>();
    columns.add(col(RawColumns.RECORD));
    columns.add(col(RawColumns.FILE));
    columns.add(col(RawColumns.DAY));
    return columns;
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
