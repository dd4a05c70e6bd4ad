package dev.caravan.processors.parquet;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.schema.DecimalMetadata;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.OriginalType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * The schema of a footer as parquet-column wants it; only parquet-hadoop, which needs Hadoop, has
 * that step. The format (parquet-format, LogicalTypes.md): a tree, written depth first.
 */
final class ParquetSchema {
  private final List<SchemaElement> elements;
  private int next = 1;

  private ParquetSchema(List<SchemaElement> elements) {
    this.elements = elements;
  }

  /**
   * Reads the tree.
   *
   * @throws RuntimeException of any kind if it is none
   */
  static MessageType of(List<SchemaElement> elements) {
    ParquetSchema schema = new ParquetSchema(elements);
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (int child = 0; child < elements.get(0).getNum_children(); child++) {
      message.addField(schema.type());
    }
    return message.named("row");
  }

  private Type type() {
    SchemaElement element = elements.get(next++);
    Repetition repetition = Repetition.valueOf(element.getRepetition_type().name());
    Optional<LogicalTypeAnnotation> annotation = annotation(element);
    if (element.isSetType()) {
      Types.PrimitiveBuilder<PrimitiveType> primitive =
          Types.primitive(primitive(element.getType()), repetition)
              .length(element.getType_length());
      return annotation.map(primitive::as).orElse(primitive).named(element.getName());
    }
    Types.GroupBuilder<GroupType> group = Types.buildGroup(repetition);
    for (int child = 0; child < element.getNum_children(); child++) {
      group.addField(type());
    }
    return annotation.map(group::as).orElse(group).named(element.getName());
  }

  private static PrimitiveTypeName primitive(org.apache.parquet.format.Type type) {
    return type == org.apache.parquet.format.Type.BYTE_ARRAY
        ? PrimitiveTypeName.BINARY
        : PrimitiveTypeName.valueOf(type.name());
  }

  /** The newer form says more; writers write both. */
  private static Optional<LogicalTypeAnnotation> annotation(SchemaElement element) {
    if (element.isSetLogicalType()) {
      LogicalType type = element.getLogicalType();
      if (type.isSetTIMESTAMP()) {
        return Optional.of(
            LogicalTypeAnnotation.timestampType(
                type.getTIMESTAMP().isIsAdjustedToUTC(), unit(type.getTIMESTAMP().getUnit())));
      }
      if (type.isSetTIME()) {
        return Optional.of(
            LogicalTypeAnnotation.timeType(
                type.getTIME().isIsAdjustedToUTC(), unit(type.getTIME().getUnit())));
      }
      if (type.isSetDECIMAL()) {
        DecimalType decimal = type.getDECIMAL();
        return Optional.of(
            LogicalTypeAnnotation.decimalType(decimal.getScale(), decimal.getPrecision()));
      }
      if (type.isSetUUID()) {
        return Optional.of(LogicalTypeAnnotation.uuidType());
      }
    }
    if (!element.isSetConverted_type()) {
      return Optional.empty();
    }
    OriginalType original = OriginalType.valueOf(element.getConverted_type().name());
    return Optional.of(
        LogicalTypeAnnotation.fromOriginalType(
            original, new DecimalMetadata(element.getPrecision(), element.getScale())));
  }

  private static LogicalTypeAnnotation.TimeUnit unit(TimeUnit unit) {
    if (unit.isSetMILLIS()) {
      return LogicalTypeAnnotation.TimeUnit.MILLIS;
    }
    return unit.isSetMICROS()
        ? LogicalTypeAnnotation.TimeUnit.MICROS
        : LogicalTypeAnnotation.TimeUnit.NANOS;
  }

  /** A type in the words of Spark SQL. */
  static String sparkType(Type type) {
    String one = one(type);
    return type.isRepetition(Repetition.REPEATED) ? "array<" + one + ">" : one;
  }

  /** The type of one of its values, if it is repeated. */
  private static String one(Type type) {
    return type.isPrimitive() ? primitive(type.asPrimitiveType()) : group(type.asGroupType());
  }

  private static String group(GroupType group) {
    LogicalTypeAnnotation annotation = group.getLogicalTypeAnnotation();
    if (annotation instanceof ListLogicalTypeAnnotation) {
      Type repeated = group.getType(0);
      return "array<"
          + (isEntry(repeated) ? sparkType(repeated.asGroupType().getType(0)) : one(repeated))
          + ">";
    }
    if (annotation instanceof MapLogicalTypeAnnotation) {
      return group.getType(0).asGroupType().getFields().stream()
          .map(ParquetSchema::sparkType)
          .collect(Collectors.joining(",", "map<", ">"));
    }
    return group.getFields().stream()
        .map(field -> field.getName() + ":" + sparkType(field))
        .collect(Collectors.joining(",", "struct<", ">"));
  }

  /**
   * Whether the repeated type of a list only wraps its element, as the standard has it; older
   * writers repeat the element itself.
   */
  static boolean isEntry(Type repeated) {
    return !repeated.isPrimitive()
        && repeated.asGroupType().getFieldCount() == 1
        && !repeated.getName().equals("array")
        && !repeated.getName().endsWith("_tuple");
  }

  private static String primitive(PrimitiveType type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    if (annotation instanceof StringLogicalTypeAnnotation
        || annotation instanceof EnumLogicalTypeAnnotation
        || annotation instanceof JsonLogicalTypeAnnotation) {
      return "string";
    }
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return "date";
    }
    if (annotation instanceof TimestampLogicalTypeAnnotation timestamp) {
      return timestamp.isAdjustedToUTC() ? "timestamp" : "timestamp_ntz";
    }
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    if (annotation instanceof IntLogicalTypeAnnotation small && small.getBitWidth() < 32) {
      return small.getBitWidth() == 8 ? "tinyint" : "smallint";
    }
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> "int";
      case INT64 -> "bigint";
      case INT96 -> "timestamp";
      case BINARY, FIXED_LEN_BYTE_ARRAY -> "binary";
      default -> type.getPrimitiveTypeName().name().toLowerCase(Locale.ROOT);
    };
  }
}
