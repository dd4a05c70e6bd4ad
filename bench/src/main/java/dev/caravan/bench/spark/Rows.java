package dev.caravan.bench.spark;

import dev.caravan.cloud.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** All rows of one output, as text, in an order of their own. */
final class Rows {
  private static final int SHOWN = 3;

  private final List<String> lines;

  private Rows(List<String> lines) {
    this.lines = lines;
  }

  /** Reads all parquet objects under a prefix. */
  static Rows read(S3Client s3, String prefix, Path scratch) throws IOException {
    List<String> lines = new ArrayList<>();
    for (S3Object object :
        s3.listObjectsV2Paginator(list -> list.bucket(BenchLake.BUCKET).prefix(prefix + "/"))
            .contents()) {
      if (object.key().endsWith(".parquet")) {
        Path file = scratch.resolve("rows.parquet");
        Files.deleteIfExists(file);
        s3.getObject(get -> get.bucket(BenchLake.BUCKET).key(object.key()), file);
        ParquetTable table = ParquetTable.read(file, Integer.MAX_VALUE);
        String columns = String.join(",", table.columns());
        table.rows().forEach(row -> lines.add(columns + " = " + row));
        Files.delete(file);
      }
    }
    lines.sort(null);
    return new Rows(lines);
  }

  int count() {
    return lines.size();
  }

  /**
   * Compares row by row, columns' names included, whatever the order of rows.
   *
   * @throws IllegalStateException with the first rows that only one has
   */
  void mustEqual(Rows other, String what) {
    if (lines.equals(other.lines)) {
      return;
    }
    throw new IllegalStateException(
        "%s: the rows differ, %,d beside %,d; only here: %s; only there: %s"
            .formatted(
                what,
                lines.size(),
                other.lines.size(),
                missingFrom(other.lines, lines),
                missingFrom(lines, other.lines)));
  }

  private static List<String> missingFrom(List<String> some, List<String> all) {
    TreeSet<String> left = new TreeSet<>(all);
    some.forEach(left::remove);
    return left.stream().limit(SHOWN).toList();
  }
}
