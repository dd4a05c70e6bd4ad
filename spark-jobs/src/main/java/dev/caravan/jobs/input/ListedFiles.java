package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.udf;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.FileStatusCache;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.execution.datasources.PartitionPath;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Reads listed files by their exact names.
 *
 * <p>Spark's readers take names and expand them: {@code events[1].json} reads {@code events1.json},
 * and a colon is no name at all. They also list each file once more. Here Spark gets the listing
 * itself, by its own file index, so each file is read once, whatever its name, and nothing is asked
 * of the storage.
 */
public final class ListedFiles {
  /** The name of a file, of what {@code input_file_name()} makes of it. */
  public static final UserDefinedFunction NAME =
      udf((UDF1<String, String>) NamedFiles::decoded, DataTypes.StringType);

  private static final String TEXT = "value";

  private final SparkSession spark;

  public ListedFiles(SparkSession spark) {
    this.spark = spark;
  }

  /** The rows of parquet files; lazy. */
  public Dataset<Row> parquet(StructType columns, Collection<FileStatus> files) {
    return read(columns, PartitionSpec.emptySpec(), files, new NamedFiles.Parquet());
  }

  /** The same with the day of each file in a column {@code day}. */
  Dataset<Row> parquet(
      StructType columns, String day, Map<LocalDate, ? extends Collection<FileStatus>> files) {
    Map<Path, PartitionPath> folders = new HashMap<>();
    List<FileStatus> all = new ArrayList<>();
    files.forEach(
        (date, some) -> {
          all.addAll(some);
          Object[] value = {(int) date.toEpochDay()};
          for (FileStatus file : some) {
            Path folder = file.getPath().getParent();
            folders.put(folder, new PartitionPath(new GenericInternalRow(value), folder));
          }
        });
    StructType days = new StructType().add(day, DataTypes.DateType);
    return read(
        columns, new PartitionSpec(days, seq(folders.values())), all, new NamedFiles.Parquet());
  }

  /** The lines of text files, unpacked, in a column {@code value}; lazy. */
  public Dataset<Row> lines(Collection<FileStatus> files) {
    return read(
        new StructType().add(TEXT, DataTypes.StringType),
        PartitionSpec.emptySpec(),
        files,
        new NamedFiles.Text());
  }

  private Dataset<Row> read(
      StructType columns, PartitionSpec days, Collection<FileStatus> files, FileFormat format) {
    List<Path> paths = files.stream().map(FileStatus::getPath).collect(Collectors.toList());
    scala.collection.immutable.Map<String, String> none =
        scala.collection.immutable.Map$.MODULE$.empty();
    InMemoryFileIndex index =
        new InMemoryFileIndex(
            spark,
            seq(paths),
            none,
            Option.apply(columns),
            new Listing(files),
            Option.apply(days),
            Option.empty());
    return spark.baseRelationToDataFrame(
        new HadoopFsRelation(
            index, days.partitionColumns(), columns, Option.empty(), format, none, spark));
  }

  private static <T> Seq<T> seq(Collection<T> all) {
    return JavaConverters.collectionAsScalaIterableConverter(all).asScala().toSeq();
  }

  /** Answers the index what it would list. */
  private static final class Listing extends FileStatusCache {
    private final Map<Path, FileStatus> files = new HashMap<>();

    Listing(Collection<FileStatus> files) {
      files.forEach(file -> this.files.put(file.getPath(), file));
    }

    @Override
    public Option<FileStatus[]> getLeafFiles(Path path) {
      return Option.apply(files.get(path)).map(file -> new FileStatus[] {file});
    }

    @Override
    public void putLeafFiles(Path path, FileStatus[] leafFiles) {}

    @Override
    public void invalidateAll() {}
  }
}
