package dev.caravan.jobs.input;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.StructType;

/** A listed parquet file whose footer has been looked at. */
final class InputFile {
  private final FileStatus status;
  private final StructType columns;
  private final List<String> faults;
  private final long rows;

  private InputFile(FileStatus status, ParquetColumns columns, long rows) {
    this.status = status;
    this.columns = columns.columns();
    this.faults = columns.faults();
    this.rows = rows;
  }

  /** Reads the footer of {@code file}. */
  static InputFile of(FileStatus file, RequiredColumns required, Configuration conf)
      throws IOException {
    List<String> names = Arrays.asList(required.usual().fieldNames());
    ParquetFooter footer = ParquetFooter.of(file, conf).requireCodecs(names::contains, conf);
    return new InputFile(file, ParquetColumns.of(footer, required), footer.rows());
  }

  FileStatus status() {
    return status;
  }

  /** The required columns as this file holds them; see {@link ColumnEncoding}. */
  StructType columns() {
    return columns;
  }

  /** Number of rows, by the footer. */
  long rows() {
    return rows;
  }

  /** What is wrong with its columns. */
  Optional<String> fault() {
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                "the file %s of %s lacks required columns: %s",
                status.getPath().getName(),
                status.getPath().getParent(),
                String.join(", ", faults)));
  }
}
