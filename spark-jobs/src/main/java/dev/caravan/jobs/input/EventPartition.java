package dev.caravan.jobs.input;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One day of one event type: its parquet files, each with its own columns. */
final class EventPartition {
  private final LocalDate day;
  private final List<InputFile> files;

  EventPartition(LocalDate day, List<InputFile> files) {
    this.day = day;
    this.files = Collections.unmodifiableList(new ArrayList<>(files));
  }

  LocalDate day() {
    return day;
  }

  List<InputFile> files() {
    return files;
  }
}
