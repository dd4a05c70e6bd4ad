package dev.caravan.jobs.input;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** What a column of the input means, and in which types it may be stored. */
public enum ColumnKind {
  /** A number that names a user, a message or a channel; also a decimal without a fraction. */
  ID(DataTypes.LongType, DataTypes.IntegerType, DataTypes.StringType),
  /** A point in time; a string holds it in ISO-8601, a date is its midnight. */
  TIME(DataTypes.TimestampType, DataTypes.StringType, DataTypes.DateType),
  /** Degrees of latitude or longitude; also any decimal. */
  DEGREES(DataTypes.DoubleType, DataTypes.FloatType, DataTypes.LongType, DataTypes.IntegerType),
  /** A whole number of the dictionary. */
  NUMBER(DataTypes.IntegerType, DataTypes.LongType),
  /** A name. */
  TEXT(DataTypes.StringType);

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<DataType> types;

  ColumnKind(DataType... types) {
    this.types = Collections.unmodifiableList(Arrays.asList(types));
  }

  /** Whether a column of this kind may be stored as {@code type}. */
  public boolean accepts(DataType type) {
    if (type instanceof DecimalType) {
      return this == DEGREES || (this == ID && ((DecimalType) type).scale() == 0);
    }
    return types.contains(type);
  }

  /** The type that such a column has by contract. */
  public DataType usual() {
    return types.get(0);
  }

  /** The accepted types in words, the usual one first. */
  public String accepted() {
    return types.stream().map(DataType::simpleString).collect(Collectors.joining(" or "));
  }
}
