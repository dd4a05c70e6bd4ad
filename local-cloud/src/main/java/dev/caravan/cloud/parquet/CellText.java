package dev.caravan.cloud.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * What a person reads in a cell: dates, timestamps in UTC with a Z and those without a zone
 * without, lists in brackets, nothing for null.
 */
final class CellText {

  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private CellText() {}

  static String of(Group row, int field) {
    if (row.getFieldRepetitionCount(field) == 0) {
      return "";
    }
    Type type = row.getType().getType(field);
    if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
      return list(row.getGroup(field, 0));
    }
    return type.isPrimitive() ? value(row, field, type) : row.getValueToString(field, 0).strip();
  }

  /** The standard's three levels: list, repeated entry, element. */
  private static String list(Group list) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      elements.add(of(list.getGroup(0, i), 0));
    }
    return elements.toString();
  }

  private static String value(Group row, int field, Type type) {
    if (type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
      ByteBuffer value = row.getInt96(field, 0).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      long nanos = value.getLong();
      long day = value.getInt() - JULIAN_DAY_OF_1970;
      return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos).toString();
    }
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(row.getInteger(field, 0)).toString();
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      Instant instant = Instant.EPOCH.plus(row.getLong(field, 0), unit(timestamp));
      return timestamp.isAdjustedToUTC()
          ? instant.toString()
          : instant.toString().replaceFirst("Z$", "");
    }
    return row.getValueToString(field, 0);
  }

  private static ChronoUnit unit(TimestampLogicalTypeAnnotation timestamp) {
    return switch (timestamp.getUnit()) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }
}
