package dev.caravan.jobs.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that one input must have, in order, each with its meaning. */
public final class RequiredColumns {
  private final Map<String, ColumnKind> kinds = new LinkedHashMap<>();

  /** No column yet. */
  public static RequiredColumns none() {
    return new RequiredColumns();
  }

  private RequiredColumns() {}

  /** These columns and one more. */
  public RequiredColumns and(String name, ColumnKind kind) {
    RequiredColumns more = new RequiredColumns();
    more.kinds.putAll(kinds);
    more.kinds.put(name, kind);
    return more;
  }

  /** These columns in the usual type of each. */
  public StructType usual() {
    List<StructField> fields = new ArrayList<>();
    kinds.forEach(
        (name, kind) -> fields.add(DataTypes.createStructField(name, kind.usual(), true)));
    return DataTypes.createStructType(fields);
  }

  /** Does something with each column, in order. */
  void forEach(BiConsumer<String, ColumnKind> action) {
    kinds.forEach(action);
  }
}
