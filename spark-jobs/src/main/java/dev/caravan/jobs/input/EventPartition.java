package dev.caravan.jobs.input;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.StructType;

/** One day of one event type: its parquet files, and the columns to read from them. */
final class EventPartition {
  private final LocalDate day;
  private final List<FileStatus> files;
  private final StructType columns;

  EventPartition(LocalDate day, List<FileStatus> files, StructType columns) {
    this.day = day;
    this.files = Collections.unmodifiableList(new ArrayList<>(files));
    this.columns = columns;
  }

  LocalDate day() {
    return day;
  }

  List<FileStatus> files() {
    return files;
  }

  StructType columns() {
    return columns;
  }
}
