package dev.caravan.processors.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * The values of a row: numbers, booleans, texts, lists and maps. Dates and times are ISO 8601 text,
 * timestamps in UTC with a Z and those without a zone without; bytes are hexadecimal text. Null
 * stands for null, as in JSON.
 */
final class RowValues {
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;
  private static final int LONGEST_TEXT = 4_000;
  private static final int MOST_ELEMENTS = 1_000;

  private RowValues() {}

  static Map<String, Object> of(Group row) {
    Map<String, Object> values = new LinkedHashMap<>();
    GroupType type = row.getType();
    for (int field = 0; field < type.getFieldCount(); field++) {
      values.put(type.getFieldName(field), field(row, field));
    }
    return values;
  }

  private static Object field(Group row, int field) {
    Type type = row.getType().getType(field);
    int count = row.getFieldRepetitionCount(field);
    if (type.isRepetition(Repetition.REPEATED)) {
      return elements(row, field, type);
    }
    return count == 0 ? null : value(row, field, 0, type);
  }

  private static List<Object> elements(Group row, int field, Type type) {
    List<Object> elements = new ArrayList<>();
    int count = Math.min(MOST_ELEMENTS, row.getFieldRepetitionCount(field));
    for (int i = 0; i < count; i++) {
      elements.add(value(row, field, i, type));
    }
    return elements;
  }

  private static Object value(Group row, int field, int index, Type type) {
    if (type.isPrimitive()) {
      return primitive(row, field, index, type);
    }
    Group group = row.getGroup(field, index);
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    if (annotation instanceof ListLogicalTypeAnnotation) {
      return list(group);
    }
    return annotation instanceof MapLogicalTypeAnnotation ? map(group) : of(group);
  }

  private static List<Object> list(Group list) {
    Type repeated = list.getType().getType(0);
    if (!ParquetSchema.isEntry(repeated)) {
      return elements(list, 0, repeated);
    }
    List<Object> elements = new ArrayList<>();
    int count = Math.min(MOST_ELEMENTS, list.getFieldRepetitionCount(0));
    for (int i = 0; i < count; i++) {
      elements.add(field(list.getGroup(0, i), 0));
    }
    return elements;
  }

  private static Map<String, Object> map(Group map) {
    Map<String, Object> entries = new LinkedHashMap<>();
    int count = Math.min(MOST_ELEMENTS, map.getFieldRepetitionCount(0));
    for (int i = 0; i < count; i++) {
      Group entry = map.getGroup(0, i);
      boolean hasValue = entry.getType().getFieldCount() > 1;
      entries.put(String.valueOf(field(entry, 0)), hasValue ? field(entry, 1) : null);
    }
    return entries;
  }

  private static Object primitive(Group row, int field, int index, Type type) {
    Optional<LogicalTypeAnnotation> logical = Optional.ofNullable(type.getLogicalTypeAnnotation());
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> row.getBoolean(field, index);
      case FLOAT -> row.getFloat(field, index);
      case DOUBLE -> row.getDouble(field, index);
      case INT32 -> number(row.getInteger(field, index), logical);
      case INT64 -> number(row.getLong(field, index), logical);
      case INT96 -> sparkTimestamp(row.getInt96(field, index));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(row.getBinary(field, index), logical);
    };
  }

  private static Object number(long number, Optional<LogicalTypeAnnotation> logical) {
    LogicalTypeAnnotation annotation = logical.orElse(null);
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(number).toString();
    }
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return BigDecimal.valueOf(number, decimal.getScale());
    }
    if (annotation instanceof TimestampLogicalTypeAnnotation timestamp) {
      String instant = Instant.EPOCH.plus(number, unit(timestamp)).toString();
      return timestamp.isAdjustedToUTC() ? instant : instant.replaceFirst("Z$", "");
    }
    return number;
  }

  private static ChronoUnit unit(TimestampLogicalTypeAnnotation timestamp) {
    return switch (timestamp.getUnit()) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  /** The nanoseconds of the day, then the Julian day. */
  private static String sparkTimestamp(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() - JULIAN_DAY_OF_1970;
    return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos).toString();
  }

  private static Object binary(Binary value, Optional<LogicalTypeAnnotation> logical) {
    LogicalTypeAnnotation annotation = logical.orElse(null);
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale());
    }
    if (annotation instanceof StringLogicalTypeAnnotation
        || annotation instanceof EnumLogicalTypeAnnotation
        || annotation instanceof JsonLogicalTypeAnnotation) {
      return cut(value.toStringUsingUTF8());
    }
    return cut(HexFormat.of().formatHex(value.getBytes()));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
