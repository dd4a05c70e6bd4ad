package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.ListedFiles;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads raw records to the columns of {@link RawColumns}, whatever they are stored as. Files named
 * {@code *.parquet} are parquet, one record a row, each file with the columns of its own footer;
 * all others are JSON, one record a line, packed or not. Blank lines are no records.
 */
final class RawReader {
  private static final Column FILE = input_file_name().as(RawColumns.FILE);

  /** As {@link RawFiles} reads it: no day where it is none. */
  private static final Column DAY =
      regexp_extract(input_file_name(), ".*/date=(\\d{4}-\\d{2}-\\d{2})/", 1)
          .cast(DataTypes.DateType)
          .as(RawColumns.DAY);

  /** What stands beside a record's fields. */
  private static final List<Column> ABOUT =
      Collections.unmodifiableList(
          Arrays.asList(col(RawColumns.RECORD), col(RawColumns.FILE), col(RawColumns.DAY)));

  private static final String SEVERAL_LINES = "a line of a JSON document over several lines";

  private final SparkSession spark;
  private final ListedFiles listed;

  RawReader(SparkSession spark) {
    this.spark = spark;
    this.listed = new ListedFiles(spark);
  }

  /**
   * All records; lazy, but for a look at the begin or the footer of each file.
   *
   * @throws JobFailedException with {@link ExitCode#MISSING_COLUMNS} when there are only parquet
   *     files, and none has an event
   */
  Dataset<Row> read(RawFiles files) throws IOException {
    Configuration conf = spark.sessionState().newHadoopConf();
    List<FileStatus> parquet = new ArrayList<>();
    List<FileStatus> lines = new ArrayList<>();
    List<FileStatus> text = new ArrayList<>();
    for (FileStatus file : files.files()) {
      (file.getPath().getName().endsWith(".parquet") ? parquet : text).add(file);
    }
    List<FileStatus> documents = new ArrayList<>();
    List<String> first = StorageCalls.each(text, file -> FirstLine.of(file, conf));
    for (int i = 0; i < text.size(); i++) {
      (RawLine.goesOn(first.get(i)) ? documents : lines).add(text.get(i));
    }
    List<Dataset<Row>> parts = new ArrayList<>();
    if (!lines.isEmpty()) {
      parts.add(lines(listed.lines(lines)));
    }
    if (!documents.isEmpty()) {
      parts.add(noRecords(listed.lines(documents)));
    }
    Map<StructType, List<FileStatus>> tables = RawTable.byColumns(parquet, spark);
    if (text.isEmpty() && tables.keySet().stream().noneMatch(RawTable::hasEvents)) {
      throw noEvents(tables);
    }
    tables.forEach(
        (columns, some) -> parts.add(new RawTable(columns).records(listed.parquet(columns, some))));
    return parts.stream()
        .reduce(Dataset::union)
        .orElseThrow(() -> new IllegalArgumentException("no files"));
  }

  private static JobFailedException noEvents(Map<StructType, List<FileStatus>> tables) {
    Optional<Map.Entry<StructType, List<FileStatus>>> one = tables.entrySet().stream().findFirst();
    return new JobFailedException(
        ExitCode.MISSING_COLUMNS,
        "the raw parquet files lack required columns: event (a struct), event_type;"
            + " they have "
            + one.map(table -> table.getKey().simpleString()).orElse("none")
            + one.map(table -> ", as " + table.getValue().get(0).getPath()).orElse(""));
  }

  /**
   * A line is parsed as the only element of a list: where an object has something behind it, the
   * parser would else see the first and say nothing. See also {@link RawLine}.
   */
  private static Dataset<Row> lines(Dataset<Row> text) {
    Column line = col("value");
    Column parsed =
        from_json(
            concat(lit("["), line, lit("]")),
            DataTypes.createArrayType(RawColumns.NESTED),
            Collections.emptyMap());
    Column one = when(size(col("parsed")).equalTo(1), col("parsed").getItem(0));
    List<Column> columns = new ArrayList<>(ABOUT);
    columns.add(
        coalesce(
                RawLine.FAULT.apply(col(RawColumns.RECORD)),
                when(col("one.event").isNull(), RawLine.NO_OBJECT))
            .as(RawColumns.FAULT));
    RawColumns.OUTER.forEach(
        name -> columns.add(col("one").getField(name).as(RawColumns.text(name))));
    RawColumns.INNER.forEach(
        name -> columns.add(col("one.event").getField(name).as(RawColumns.text(name))));
    return records(text)
        .withColumn("parsed", parsed)
        .withColumn("one", one)
        .select(columns.toArray(new Column[0]));
  }

  /** The lines of documents that are more than lines. */
  private static Dataset<Row> noRecords(Dataset<Row> text) {
    List<Column> columns = new ArrayList<>(ABOUT);
    columns.add(lit(SEVERAL_LINES).as(RawColumns.FAULT));
    for (List<String> names : Arrays.asList(RawColumns.OUTER, RawColumns.INNER)) {
      names.forEach(
          name -> columns.add(lit(null).cast(DataTypes.StringType).as(RawColumns.text(name))));
    }
    return records(text).select(columns.toArray(new Column[0]));
  }

  private static Dataset<Row> records(Dataset<Row> text) {
    return text.filter(col("value").rlike("\\S"))
        .select(col("value").as(RawColumns.RECORD), FILE, DAY, col("value"));
  }

  /** Of the rows of parquet files. */
  static List<Column> about(Column record) {
    return Arrays.asList(record.as(RawColumns.RECORD), FILE, DAY);
  }
}
