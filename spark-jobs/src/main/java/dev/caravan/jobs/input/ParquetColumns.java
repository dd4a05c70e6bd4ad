package dev.caravan.jobs.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns to read one parquet file with, from its own footer: no other file's columns are taken
 * for its.
 */
final class ParquetColumns {
  private static final int LONGEST_DECIMAL = 38;

  private final ParquetFooter footer;
  private final List<StructField> fields = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private ParquetColumns(ParquetFooter footer) {
    this.footer = footer;
  }

  /** Compares what a file has with what it must have. */
  static ParquetColumns of(ParquetFooter footer, RequiredColumns required) {
    ParquetColumns columns = new ParquetColumns(footer);
    required.forEach(columns::add);
    return columns;
  }

  /** The required columns as the file holds them; see {@link ColumnEncoding}. */
  StructType columns() {
    return DataTypes.createStructType(fields);
  }

  /** The columns that are absent or of a wrong type, in words. */
  List<String> faults() {
    return faults;
  }

  private void add(String name, ColumnKind kind) {
    if (!footer.schema().containsField(name)) {
      faults.add(name);
      return;
    }
    Type column = footer.schema().getType(name);
    Optional<StructField> field =
        column.isPrimitive() && !column.isRepetition(Type.Repetition.REPEATED)
            ? field(name, column.asPrimitiveType())
                .filter(readable -> kind.accepts(readable.dataType()))
            : Optional.empty();
    if (field.isPresent()) {
      fields.add(field.get());
    } else if (isUnknown(column) || footer.isAllNull(name)) {
      fields.add(ColumnEncoding.NOTHING.column(name, kind.usual()));
    } else {
      faults.add(name + " (is " + word(name, column) + ", must be " + kind.accepted() + ")");
    }
  }

  /**
   * What a column of the type null is written as; releases of Parquet differ in whether they tell.
   */
  private static boolean isUnknown(Type column) {
    return "UNKNOWN".equals(String.valueOf(column.getLogicalTypeAnnotation()));
  }

  /** Spark's word for the type, else the file's own. */
  private static String word(String name, Type column) {
    if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      return "nested";
    }
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    String stored = column.asPrimitiveType().getPrimitiveTypeName().toString();
    return field(name, column.asPrimitiveType())
        .map(field -> field.dataType().simpleString())
        .orElse(meaning == null ? stored : stored + " " + meaning);
  }

  private static Optional<StructField> field(String name, PrimitiveType column) {
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    if (meaning instanceof DecimalLogicalTypeAnnotation) {
      return decimal((DecimalLogicalTypeAnnotation) meaning)
          .map(type -> DataTypes.createStructField(name, type, true));
    }
    if (meaning instanceof TimestampLogicalTypeAnnotation) {
      TimeUnit unit = ((TimestampLogicalTypeAnnotation) meaning).getUnit();
      return Optional.of(
          unit == TimeUnit.MICROS
              ? DataTypes.createStructField(name, DataTypes.TimestampType, true)
              : (unit == TimeUnit.NANOS ? ColumnEncoding.NANOS : ColumnEncoding.MILLIS)
                  .column(name));
    }
    return type(column, meaning).map(type -> DataTypes.createStructField(name, type, true));
  }

  private static Optional<DataType> decimal(DecimalLogicalTypeAnnotation meaning) {
    return meaning.getPrecision() > LONGEST_DECIMAL
        ? Optional.empty()
        : Optional.of(DataTypes.createDecimalType(meaning.getPrecision(), meaning.getScale()));
  }

  private static Optional<DataType> type(PrimitiveType column, LogicalTypeAnnotation meaning) {
    switch (column.getPrimitiveTypeName()) {
      case INT32:
        if (meaning instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
          return Optional.of(DataTypes.DateType);
        }
        return whole(meaning, DataTypes.IntegerType, DataTypes.LongType);
      case INT64:
        return whole(meaning, DataTypes.LongType, DataTypes.createDecimalType(20, 0));
      case INT96:
        return Optional.of(DataTypes.TimestampType);
      case DOUBLE:
        return Optional.of(DataTypes.DoubleType);
      case FLOAT:
        return Optional.of(DataTypes.FloatType);
      case BINARY:
        return Optional.<DataType>of(DataTypes.StringType)
            .filter(type -> meaning instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation);
      default:
        return Optional.empty();
    }
  }

  /** The types as which Spark reads a signed number and an unsigned one of all its bits. */
  private static Optional<DataType> whole(
      LogicalTypeAnnotation meaning, DataType signed, DataType unsigned) {
    if (meaning == null) {
      return Optional.of(signed);
    }
    if (!(meaning instanceof IntLogicalTypeAnnotation)) {
      return Optional.empty();
    }
    IntLogicalTypeAnnotation number = (IntLogicalTypeAnnotation) meaning;
    boolean small = number.getBitWidth() < Integer.SIZE;
    return Optional.of(number.isSigned() || small ? signed : unsigned);
  }
}
