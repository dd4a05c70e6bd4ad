package dev.caravan.jobs.input;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of one parquet file, from its footer alone: no Spark job, two short reads.
 *
 * <p>Only the types that the inputs may have are known; any other column is kept by the file's own
 * word for its type, to be named in a message.
 */
public final class ParquetColumns {
  private final StructType readable;
  private final Map<String, String> foreign;

  private ParquetColumns(StructType readable, Map<String, String> foreign) {
    this.readable = readable;
    this.foreign = foreign;
  }

  /** Reads the footer of {@code file}. */
  public static ParquetColumns of(FileStatus file, Configuration conf) throws IOException {
    ParquetReadOptions options =
        HadoopReadOptions.builder(conf)
            .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
            .build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, conf), options)) {
      return of(reader.getFileMetaData().getSchema().getFields());
    }
  }

  private static ParquetColumns of(List<Type> columns) {
    List<StructField> readable = new ArrayList<>();
    Map<String, String> foreign = new LinkedHashMap<>();
    for (Type column : columns) {
      Optional<DataType> type =
          column.isPrimitive() && !column.isRepetition(Type.Repetition.REPEATED)
              ? sparkType(column.asPrimitiveType())
              : Optional.empty();
      if (type.isPresent()) {
        readable.add(DataTypes.createStructField(column.getName(), type.get(), true));
      } else {
        foreign.put(column.getName(), column.isPrimitive() ? word(column) : "nested");
      }
    }
    return new ParquetColumns(DataTypes.createStructType(readable), foreign);
  }

  private static String word(Type column) {
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    String stored = column.asPrimitiveType().getPrimitiveTypeName().toString();
    return meaning == null ? stored : stored + " " + meaning;
  }

  private static Optional<DataType> sparkType(PrimitiveType column) {
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    switch (column.getPrimitiveTypeName()) {
      case INT32:
        return Optional.<DataType>of(DataTypes.IntegerType).filter(type -> isSignedNumber(meaning));
      case INT64:
        return isSparkTime(meaning)
            ? Optional.of(DataTypes.TimestampType)
            : Optional.<DataType>of(DataTypes.LongType).filter(type -> isSignedNumber(meaning));
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

  private static boolean isSignedNumber(LogicalTypeAnnotation meaning) {
    return meaning == null
        || (meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation
            && ((LogicalTypeAnnotation.IntLogicalTypeAnnotation) meaning).isSigned());
  }

  private static boolean isSparkTime(LogicalTypeAnnotation meaning) {
    return meaning instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation
        && ((LogicalTypeAnnotation.TimestampLogicalTypeAnnotation) meaning).getUnit()
            != TimeUnit.NANOS;
  }

  /**
   * The schema to read this file with: the required columns alone.
   *
   * @param where the input, for the message
   * @throws dev.caravan.jobs.exit.JobFailure when a column is absent or of a wrong type
   */
  public StructType cutTo(RequiredColumns required, String where) {
    return required.of(readable, foreign, where);
  }
}
