package dev.caravan.jobs.input;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
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

  /**
   * Cuts what is stored down to the columns needed.
   *
   * @param stored every column of the input; a type that Spark can't read is absent from the fields
   *     but named by the file's own word in {@code foreign}
   * @param where the input, for the message
   * @throws JobFailure with {@link ExitCode#MISSING_COLUMNS}, naming every column that is absent or
   *     of a wrong type
   */
  public StructType of(StructType stored, Map<String, String> foreign, String where) {
    List<String> faults = new ArrayList<>();
    List<StructField> fields = new ArrayList<>();
    List<String> names = Arrays.asList(stored.fieldNames());
    kinds.forEach(
        (name, kind) -> {
          if (names.contains(name)) {
            DataType type = stored.apply(name).dataType();
            fields.add(DataTypes.createStructField(name, type, true));
            if (!kind.accepts(type)) {
              faults.add(
                  name + " (is " + type.simpleString() + ", must be " + kind.accepted() + ")");
            }
          } else if (foreign.containsKey(name)) {
            faults.add(name + " (is " + foreign.get(name) + ", must be " + kind.accepted() + ")");
          } else {
            faults.add(name);
          }
        });
    if (!faults.isEmpty()) {
      throw new JobFailure(
          ExitCode.MISSING_COLUMNS,
          where + " has not the columns it must have: " + String.join(", ", faults));
    }
    return DataTypes.createStructType(fields);
  }
}
