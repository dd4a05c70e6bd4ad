package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The encoding of a column in a file, if Spark can't read its type directly; stored in the column's
 * metadata.
 *
 * <p>Spark can't read times in nanoseconds, which pandas writes, and a time in milliseconds that is
 * too large fails the task. Both are read as numbers. A column without any value is not read.
 */
public enum ColumnEncoding {
  /** INT64, milliseconds since the epoch. */
  MILLIS,
  /** INT64, nanoseconds since the epoch. */
  NANOS,
  /** In whatever type, but each value is null. */
  NOTHING;

  private static final String KEY = "caravan.stored.as";

  /** Farther off than any time that is kept, in milliseconds, and far from an overflow. */
  private static final long FAR_MILLIS = 10_000_000_000_000L;

  StructField column(String name) {
    return column(name, DataTypes.TimestampType);
  }

  /** A column that is held so. */
  public StructField column(String name, DataType meaning) {
    Metadata metadata = new MetadataBuilder().putString(KEY, name()).build();
    return DataTypes.createStructField(name, meaning, true, metadata);
  }

  /** Whether {@code column} is held so. */
  public boolean holds(StructField column) {
    return column.metadata().contains(KEY) && column.metadata().getString(KEY).equals(name());
  }

  /**
   * The rows of files that hold {@code columns}, as {@code columns} has them, and further columns.
   *
   * @param reader reads the columns that it is given, as the files have them
   */
  static Dataset<Row> read(StructType columns, Function<StructType, Dataset<Row>> reader) {
    return restored(reader.apply(inFile(columns)), columns);
  }

  /** The columns to ask the file for. */
  private static StructType inFile(StructType columns) {
    StructType stored = new StructType();
    for (StructField column : columns.fields()) {
      if (MILLIS.holds(column) || NANOS.holds(column)) {
        stored = stored.add(column.name(), DataTypes.LongType);
      } else if (!NOTHING.holds(column)) {
        stored = stored.add(column);
      }
    }
    return stored;
  }

  private static Dataset<Row> restored(Dataset<Row> rows, StructType columns) {
    if (Arrays.stream(columns.fields()).noneMatch(column -> column.metadata().contains(KEY))) {
      return rows;
    }
    List<Column> restored = new ArrayList<>();
    for (StructField column : columns.fields()) {
      restored.add(column(column).as(column.name()));
    }
    List<String> known = Arrays.asList(columns.fieldNames());
    for (String further : rows.columns()) {
      if (!known.contains(further)) {
        restored.add(col(further));
      }
    }
    return rows.select(restored.toArray(new Column[0]));
  }

  private static Column column(StructField column) {
    if (NOTHING.holds(column)) {
      return lit(null).cast(column.dataType());
    }
    if (MILLIS.holds(column)) {
      return MILLIS.time("`" + column.name() + "`");
    }
    return NANOS.holds(column) ? NANOS.time("`" + column.name() + "`") : col(column.name());
  }

  /**
   * The time that a number tells; one that is too far off is some time far off.
   *
   * @param number a column, in SQL
   */
  public Column time(String number) {
    return expr(
        this == NANOS
            ? String.format("timestamp_micros((%1$s - pmod(%1$s, 1000L)) div 1000L)", number)
            : String.format(
                "timestamp_micros(greatest(least(%s, %dL), -%dL) * 1000L)",
                number, FAR_MILLIS, FAR_MILLIS));
  }
}
