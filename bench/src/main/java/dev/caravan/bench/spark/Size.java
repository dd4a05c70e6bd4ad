package dev.caravan.bench.spark;

import java.util.Arrays;
import java.util.Optional;

/** How much a run reads. */
enum Size {
  TEN_DAYS("10-days", BenchLake.USUAL, 10),
  THIRTY_DAYS("30-days", BenchLake.USUAL, 30),
  TENFOLD("30-days-10x", BenchLake.TENFOLD, 30);

  private final String label;
  private final BenchLake lake;
  private final int days;

  Size(String label, BenchLake lake, int days) {
    this.label = label;
    this.lake = lake;
    this.days = days;
  }

  static Optional<Size> named(String label) {
    return Arrays.stream(values()).filter(size -> size.label.equals(label)).findFirst();
  }

  String label() {
    return label;
  }

  BenchLake lake() {
    return lake;
  }

  int days() {
    return days;
  }

  long rows() {
    return days * lake.rowsOfDay();
  }
}
