package dev.caravan.bench.spark;

import java.util.Arrays;
import java.util.Optional;

/** How much a run reads. */
enum Size {
  TEN_DAYS("10-days", Lake.USUAL, 10),
  THIRTY_DAYS("30-days", Lake.USUAL, 30),
  TENFOLD("30-days-10x", Lake.TENFOLD, 30);

  private final String label;
  private final Lake lake;
  private final int days;

  Size(String label, Lake lake, int days) {
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

  Lake lake() {
    return lake;
  }

  int days() {
    return days;
  }

  long rows() {
    return days * lake.rowsOfDay();
  }
}
