package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.input.ColumnEncoding;
import dev.caravan.jobs.input.ParquetFooter;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raw parquet files with the same columns. */
final class RawTable {
  private static final Logger LOG = LoggerFactory.getLogger(RawTable.class);
  private static final String EVENT = "event";

  private final StructType stored;

  RawTable(StructType stored) {
    this.stored = stored;
  }

  /** The files by the columns to read them with, from the footer of each. */
  static Map<StructType, List<FileStatus>> byColumns(List<FileStatus> files, SparkSession spark)
      throws IOException {
    Configuration conf = spark.sessionState().newHadoopConf();
    ParquetToSparkSchemaConverter converter =
        new ParquetToSparkSchemaConverter(spark.sessionState().conf());
    List<MessageType> schemas =
        StorageCalls.each(
            files,
            file -> ParquetFooter.of(file, conf).requireCodecs(column -> true, conf).schema());
    Map<MessageType, StructType> known = new LinkedHashMap<>();
    Map<StructType, List<FileStatus>> byColumns = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      StructType columns =
          known.computeIfAbsent(schemas.get(i), schema -> columns(schema, converter));
      byColumns.computeIfAbsent(columns, some -> new ArrayList<>()).add(files.get(i));
    }
    return byColumns;
  }

  /** The columns that Spark can read; times in other units than its own as numbers. */
  private static StructType columns(GroupType group, ParquetToSparkSchemaConverter converter) {
    StructType columns = new StructType();
    for (Type column : group.getFields()) {
      try {
        columns = columns.add(column(column, converter));
      } catch (Exception e) {
        LOG.warn(
            "skipped in raw parquet because Spark can't read it: {}: {}", column, e.getMessage());
      }
    }
    return columns;
  }

  private static StructField column(Type column, ParquetToSparkSchemaConverter converter) {
    String name = column.getName();
    boolean repeated = column.isRepetition(Type.Repetition.REPEATED);
    if (column.isPrimitive()
        && !repeated
        && column.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation) {
      TimeUnit unit =
          ((TimestampLogicalTypeAnnotation) column.getLogicalTypeAnnotation()).getUnit();
      if (unit != TimeUnit.MICROS) {
        return (unit == TimeUnit.NANOS ? ColumnEncoding.NANOS : ColumnEncoding.MILLIS)
            .column(name, DataTypes.LongType);
      }
    }
    if (!column.isPrimitive() && !repeated && column.getLogicalTypeAnnotation() == null) {
      return DataTypes.createStructField(name, columns(column.asGroupType(), converter), true);
    }
    return converter.convert(new MessageType("one", column)).fields()[0];
  }

  /** Whether there can be events in such a file. */
  static boolean hasEvents(StructType stored) {
    return type(stored, EVENT).filter(StructType.class::isInstance).isPresent()
        && type(stored, "event_type").isPresent();
  }

  /** Its rows, with the columns of {@link RawColumns}. */
  Dataset<Row> records(Dataset<Row> rows) {
    Column[] all = Arrays.stream(stored.fieldNames()).map(RawTable::quoted).toArray(Column[]::new);
    Optional<StructType> event =
        type(stored, EVENT).filter(StructType.class::isInstance).map(StructType.class::cast);
    List<Column> columns = new ArrayList<>(RawReader.about(to_json(struct(all))));
    Column fault = lit(RawLine.NO_OBJECT);
    columns.add(
        (event.isPresent() ? when(col(EVENT).isNull(), fault) : fault).as(RawColumns.FAULT));
    RawColumns.OUTER.forEach(
        name -> columns.add(text(stored, name, name).as(RawColumns.text(name))));
    RawColumns.INNER.forEach(
        name ->
            columns.add(
                text(event.orElse(new StructType()), name, EVENT + "." + name)
                    .as(RawColumns.text(name))));
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

  private static Column text(StructType columns, String name, String path) {
    Optional<DataType> type = type(columns, name);
    if (!type.isPresent()) {
      return lit(null).cast(DataTypes.StringType);
    }
    for (ColumnEncoding unit : Arrays.asList(ColumnEncoding.MILLIS, ColumnEncoding.NANOS)) {
      if (unit.holds(columns.apply(name))) {
        return unit.time(path).cast(DataTypes.StringType);
      }
    }
    Column column = col(path);
    String word = type.get().typeName();
    if (word.equals("struct") || word.equals("array") || word.equals("map")) {
      return to_json(column);
    }
    return word.equals("string") || word.equals("binary")
        ? valid(column)
        : column.cast(DataTypes.StringType);
  }

  /** Bytes that are no UTF-8, which no reader of our files could decode, are replaced. */
  static Column valid(Column text) {
    return decode(text.cast(DataTypes.BinaryType), "UTF-8");
  }
}
